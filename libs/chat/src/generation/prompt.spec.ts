import { describe, expect, it } from 'vitest';
import { buildPrompt, lengthOf, systemPrompt } from './prompt.ts';

const user = (content: string) => ({ role: 'user', content }) as const;
const assistant = (content: string) => ({ role: 'assistant', content }) as const;
const budgetFor = (characters: number) => systemPrompt.length + characters;
const spoken = (...parameters: Parameters<typeof buildPrompt>) =>
  buildPrompt(...parameters)
    .slice(1)
    .map(({ content }) => content);

describe('buildPrompt', () => {
  it('begins with the system prompt and keeps the order', () => {
    const path = [user('a'), assistant('b'), user('c')];
    expect(buildPrompt(path)).toEqual([{ role: 'system', content: systemPrompt }, ...path]);
  });

  it('leaves out answers that never had any text', () => {
    expect(spoken([user('a'), assistant(''), user('b')])).toEqual(['a', 'b']);
  });

  it.each([
    ['everything while it fits', 9, ['aaa', 'bbb', 'ccc']],
    ['the newest, and no answer without its question', 8, ['ccc']],
    ['the question, however long it is', 1, ['ccc']],
  ])('keeps %s', (_, characters, kept) => {
    expect(spoken([user('aaa'), assistant('bbb'), user('ccc')], budgetFor(characters))).toEqual(kept);
  });

  it('stays within the budget for any path', () => {
    const path = Array.from({ length: 200 }, (_, index) =>
      index % 2 ? assistant('x'.repeat(index)) : user('y'.repeat(index + 1)),
    ).concat(user('last'));
    for (const characters of [10, 500, 5_000, 50_000]) {
      const prompt = buildPrompt(path, budgetFor(characters));
      expect(lengthOf(prompt)).toBeLessThanOrEqual(budgetFor(characters));
      expect(prompt.at(-1)!.content).toBe('last');
      expect(prompt[1]!.role).toBe('user');
    }
  });
});
