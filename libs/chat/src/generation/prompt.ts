import type { PathMessage } from '../messages/messages.ts';
import type { PromptMessage } from '../model/chat-model.ts';

/** About 100 000 tokens: room for the answer in the context of any model that is offered today. */
export const promptBudget = 400_000;

export const systemPrompt =
  'You are a helpful assistant. Write in the language of the question. Format answers as Markdown: fenced code ' +
  'blocks with their language, tables where they help, mathematics between $$.';

/**
 * What the model is sent: the system prompt, then the newest messages of the path that fit into `budget` characters.
 * The oldest are dropped; the question itself never is, and an answer never comes before its question.
 */
export function buildPrompt(path: readonly PathMessage[], budget = promptBudget): PromptMessage[] {
  let left = budget - systemPrompt.length;
  const kept: PromptMessage[] = [];
  for (const { role, content } of path.toReversed()) {
    if (content === '') continue;
    left -= content.length;
    if (left < 0 && kept.length > 0) break;
    kept.unshift({ role, content });
  }
  const firstQuestion = kept.findIndex(({ role }) => role === 'user');
  return [{ role: 'system', content: systemPrompt }, ...kept.slice(Math.max(0, firstQuestion))];
}

export const lengthOf = (prompt: readonly PromptMessage[]): number =>
  prompt.reduce((sum, { content }) => sum + content.length, 0);
