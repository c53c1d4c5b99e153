import type { ChatMessage } from '../openai/chat-request.ts';

const ASKS_FOR_TITLE =
  /\b(?:title|name|headline)\b[^.]{0,60}\b(?:conversation|chat|exchange|discussion)\b|\b(?:conversation|chat)\b[^.]{0,60}\btitle\b/i;
const MOST_WORDS = 6;

/** Chat products ask the model to name a conversation; the answer is made of the first question's words. */
export function titleFor(messages: ChatMessage[]): string | null {
  const instruction = messages.findIndex(
    (message, index) =>
      ASKS_FOR_TITLE.test(message.text) && (message.role !== 'user' || index === messages.length - 1),
  );
  if (instruction < 0) return null;
  const question = messages.find((message, index) => message.role === 'user' && index !== instruction);
  const words = (question?.text ?? quotedIn(messages[instruction]!.text)).match(/[\p{L}\p{N}'’-]+/gu) ?? [];
  const title = words.slice(0, MOST_WORDS).join(' ');
  return title ? title[0]!.toUpperCase() + title.slice(1) : 'New conversation';
}

/** The instruction may hold the conversation itself, after a colon or in quotation marks. */
function quotedIn(text: string): string {
  return /[“"]([^”"]+)[”"]/.exec(text)?.[1] ?? /:\s*([\s\S]+)/.exec(text)?.[1] ?? text;
}
