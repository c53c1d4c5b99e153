import { describe, expect, it } from 'vitest';
import type { Message } from '#contracts';
import { visiblePath } from './message-path.ts';

/** `a<-b` is message a below b. */
function tree(...lines: string[]): Message[] {
  return lines.map((line) => {
    const [id = '', parentId = null] = line.split('<-');
    return { id, parentId } as Message;
  });
}
const shown = (messages: Message[], chosen = {}) =>
  visiblePath(messages, chosen).map(({ message }) => message.id);

describe('the visible path', () => {
  it('is empty without messages', () => {
    expect(visiblePath([], {})).toEqual([]);
  });

  it('is the whole conversation when it never branched', () => {
    expect(shown(tree('q1', 'a1<-q1', 'q2<-a1', 'a2<-q2'))).toEqual(['q1', 'a1', 'q2', 'a2']);
  });

  it('shows the newest of several answers, and counts them', () => {
    const path = visiblePath(tree('q1', 'a1<-q1', 'a1b<-q1', 'a1c<-q1'), {});
    expect(path.at(-1)).toMatchObject({ message: { id: 'a1c' }, versions: ['a1', 'a1b', 'a1c'] });
  });

  it('shows the chosen answer and what was said after it', () => {
    const messages = tree('q1', 'a1<-q1', 'q2<-a1', 'a2<-q2', 'a1b<-q1');
    expect(shown(messages)).toEqual(['q1', 'a1b']);
    expect(shown(messages, { q1: 'a1' })).toEqual(['q1', 'a1', 'q2', 'a2']);
  });

  it('stays on an older version while the conversation goes on there', () => {
    expect(shown(tree('q1', 'a1<-q1', 'a1b<-q1', 'q2<-a1', 'a2<-q2'))).toEqual(['q1', 'a1', 'q2', 'a2']);
  });

  it('treats an edited first question as a further version of it', () => {
    const path = visiblePath(tree('q1', 'a1<-q1', 'q1b', 'a1b<-q1b'), {});
    expect(path[0]).toMatchObject({ message: { id: 'q1b' }, versions: ['q1', 'q1b'] });
    expect(shown(tree('q1', 'a1<-q1', 'q1b', 'a1b<-q1b'), { '': 'q1' })).toEqual(['q1', 'a1']);
  });

  it('follows choices at several levels', () => {
    const messages = tree('q1', 'a1<-q1', 'q2<-a1', 'a2<-q2', 'a2b<-q2', 'a1b<-q1');
    expect(shown(messages, { q1: 'a1', q2: 'a2' })).toEqual(['q1', 'a1', 'q2', 'a2']);
  });

  it('ignores a choice that is not there', () => {
    expect(shown(tree('q1', 'a1<-q1'), { q1: 'gone' })).toEqual(['q1', 'a1']);
  });

  it('begins at the oldest loaded message of the newest line when earlier ones are not loaded', () => {
    expect(shown(tree('q8<-a7', 'a8<-q8', 'x<-other', 'q9<-a8'))).toEqual(['q8', 'a8', 'q9']);
  });
});
