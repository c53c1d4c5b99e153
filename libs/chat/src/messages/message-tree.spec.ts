import { describe, expect, it } from 'vitest';
import { parentOfQuestion, questionBehind } from './message-tree.ts';

const question = { id: 'q', role: 'user', status: 'done', parentId: null } as const;
const answer = { id: 'a', role: 'assistant', status: 'done', parentId: 'q' } as const;

describe('parentOfQuestion', () => {
  it.each([
    ['nothing in an empty conversation', undefined, null, null, null],
    ['the newest message when none is named', undefined, answer, null, 'a'],
    ['nothing when null is named', null, answer, null, null],
    ['the named answer', 'a', question, answer, 'a'],
    ['a stopped answer', 'a', question, { ...answer, status: 'stopped' } as const, 'a'],
    ['a failed answer', 'a', question, { ...answer, status: 'failed' } as const, 'a'],
  ])('is %s', (_, requested, newest, named, parent) => {
    expect(parentOfQuestion(requested, newest, named)).toBe(parent);
  });

  it.each([
    ['an id that is not in the conversation', null, 'not_found'],
    ['a question', question, 'validation_failed'],
    ['an answer that is being written', { ...answer, status: 'streaming' } as const, 'validation_failed'],
  ])('refuses %s', (_, named, code) => {
    expect(() => parentOfQuestion('x', answer, named)).toThrow(expect.objectContaining({ code }));
  });
});

describe('questionBehind', () => {
  it('is the parent of an answer, and a question itself', () => {
    expect(questionBehind(answer)).toBe('q');
    expect(questionBehind(question)).toBe('q');
  });

  it('is not there for an answer that hangs in the air', () => {
    expect(() => questionBehind({ ...answer, parentId: null })).toThrow();
  });
});
