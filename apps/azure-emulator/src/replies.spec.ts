import { describe, expect, it } from 'vitest';
import type { ChatMessage } from './openai/chat-request.ts';
import { PEOPLE } from './people.ts';
import { replyTo } from './replies.ts';

const uma = PEOPLE.find(({ alias }) => alias === 'uma')!;
const user = (text: string): ChatMessage => ({ role: 'user', text });
const reply = (...messages: ChatMessage[]) => replyTo({ messages, person: uma, deployment: 'gpt-4o' });

describe('replies', () => {
  it('are marked as the emulator’s and name who asked', () => {
    expect(reply(user('anything'))).toMatch(/^\*Azure emulator · gpt-4o · asked by Uma Patel\*/);
  });

  it('are the same for the same question and differ between questions', () => {
    expect(reply(user('Why is the sky blue?'))).toBe(reply(user('Why is the sky blue?')));
    expect(reply(user('Why is the sky blue?'))).not.toBe(reply(user('Why is grass green?')));
  });

  it.each([
    ['show me a table', '| --- |'],
    ['some python code', '```python'],
    ['a bash and a sql script', '```sql'],
    ['explain the maths', '$$'],
    ['what are the steps', '1. **'],
    ['hi there', 'Hello Uma!'],
    ['who am I?', uma.id],
    ['count to 12', '10, 11, 12'],
    ['echo <b>"bold"</b>', '<b>"bold"</b>'],
    ['show hostile html', '<script>'],
  ])('to “%s” contain %s', (question, part) => {
    expect(reply(user(question))).toContain(part);
  });

  it('can be long, and stay on the subject', () => {
    const text = reply(user('Write a long story about bees, please.'));
    expect(text.split(/\s+/).length).toBeGreaterThan(600);
    expect(text).toContain('# On bees');
  });

  it('remember the question before', () => {
    const text = reply(user('What is a monad?'), { role: 'assistant', text: 'Hm.' }, user('And a comonad?'));
    expect(text).toContain('Before that you asked: “What is a monad?”');
  });

  it.each([
    [
      [
        { role: 'system', text: 'Give this conversation a short title.' },
        user('how do I bake bread at home without yeast?'),
      ],
    ],
    [[user('how do I bake bread at home'), user('Write a title for this conversation in five words.')]],
    [[user('Title for this chat: "how do I bake bread at home"')]],
  ] as ChatMessage[][][])('name a conversation by its words, unmarked: %o', (messages) => {
    expect(reply(...messages)).toBe('How do I bake bread at'.slice(0, 22));
  });
});
