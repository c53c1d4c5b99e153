import type { ChatMessage } from './openai/chat-request.ts';
import type { Person } from './people.ts';

export interface ReplyOrder {
  messages: ChatMessage[];
  person: Person;
  deployment: string;
}

export function replyTo({ messages, person, deployment }: ReplyOrder): string {
  const last = messages.findLast((message) => message.role === 'user')?.text ?? '';
  return `*Azure emulator, ${deployment}, answering ${person.displayName}.*\n\nYou said: ${last}`;
}
