import { describe, expect, it } from 'vitest';
import { type LiveAnswer, type LiveEvent, liveAnswers, noLiveAnswers } from './live-answer.ts';

const generationId = 'g';
const started: LiveEvent = { type: 'started', generationId, messageId: 'm' };
const finished: LiveEvent = { type: 'finished', generationId };
const delta = (seq: number, text = `${seq} `): LiveEvent => ({ type: 'delta', generationId, seq, text });
const snapshot = (seq: number, text: string): LiveEvent => ({
  type: 'snapshot',
  generationId,
  messageId: 'm',
  seq,
  text,
});

const after = (...events: LiveEvent[]) => events.reduce(liveAnswers, noLiveAnswers);
const answerAfter = (...events: LiveEvent[]): LiveAnswer => {
  const answer = after(...events)[generationId];
  if (answer === undefined || answer === 'finished') throw new Error('not being written');
  return answer;
};

describe('in order', () => {
  it('appends each delta', () => {
    expect(answerAfter(started, delta(1), delta(2), delta(3))).toMatchObject({
      text: '1 2 3 ',
      seq: 3,
      messageId: 'm',
    });
  });

  it('keeps answers apart', () => {
    const state = after(started, { ...started, generationId: 'h', messageId: 'n' }, delta(1));
    expect(state['h']).toMatchObject({ text: '', messageId: 'n' });
  });

  it('learns the message even when the first delta overtakes the start', () => {
    expect(answerAfter(delta(1), started, delta(2))).toMatchObject({ text: '1 2 ', messageId: 'm' });
  });
});

describe('F12: a wait that Azure asks for', () => {
  const waiting: LiveEvent = { type: 'waiting', generationId, code: 'model_rate_limited', until: 5_000 };

  it('is known until the first text', () => {
    const wait = { code: 'model_rate_limited', until: 5_000 };
    expect(answerAfter(started, waiting).wait).toEqual(wait);
    expect(answerAfter(started, waiting, { ...waiting, until: 9_000 }).wait).toEqual({
      ...wait,
      until: 9_000,
    });
    expect(answerAfter(waiting, started, delta(2)).wait).toEqual(wait);
    expect(answerAfter(started, waiting, delta(1)).wait).toBeNull();
    expect(answerAfter(started, waiting, snapshot(1, '1 ')).wait).toBeNull();
  });

  it('that is told late changes nothing', () => {
    const state = after(started, delta(1));
    expect(liveAnswers(state, waiting)).toBe(state);
    expect(after(started, finished, waiting)[generationId]).toBe('finished');
  });
});

describe('repeats', () => {
  it('drops a delta that is already in the text', () => {
    expect(answerAfter(started, delta(1), delta(2), delta(1, 'again'), delta(2, 'again')).text).toBe('1 2 ');
  });

  it('changes nothing, so that nothing is drawn again', () => {
    const state = after(started, delta(1));
    expect(liveAnswers(state, delta(1))).toBe(state);
    expect(liveAnswers(state, started)).toBe(state);
  });

  it('drops an early delta that comes twice', () => {
    const state = after(started, delta(3));
    expect(liveAnswers(state, delta(3))).toBe(state);
  });
});

describe('gaps', () => {
  it('holds back what comes early and asks for what is missing', () => {
    expect(answerAfter(started, delta(1), delta(3), delta(4))).toMatchObject({
      text: '1 ',
      seq: 1,
      resumeAfter: 1,
    });
  });

  it('joins in order when the missing one arrives, and no longer asks', () => {
    expect(answerAfter(started, delta(1), delta(4), delta(3), delta(2))).toMatchObject({
      text: '1 2 3 4 ',
      seq: 4,
      early: {},
      resumeAfter: null,
    });
  });

  it('asks again from further on when only a part of the gap is closed', () => {
    expect(answerAfter(started, delta(1), delta(5), delta(2))).toMatchObject({ seq: 2, resumeAfter: 2 });
  });

  it('asks from the beginning when the first one it sees is not the first', () => {
    expect(answerAfter(started, delta(7))).toMatchObject({ text: '', resumeAfter: 0 });
  });

  it('gives the same text whatever the order of arrival', () => {
    const orders = [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [2, 1, 4, 3],
      [3, 1, 1, 4, 2, 2],
    ];
    for (const order of orders)
      expect(answerAfter(started, ...order.map((n) => delta(n))).text).toBe('1 2 3 4 ');
  });
});

describe('resuming', () => {
  it('starts from stored text and goes on after its number', () => {
    expect(answerAfter(snapshot(5, 'stored '), delta(6), delta(5, 'again'))).toMatchObject({
      text: 'stored 6 ',
      seq: 6,
    });
  });

  it('does not go back to an older stored text', () => {
    expect(answerAfter(started, delta(1), delta(2), snapshot(1, '1 ')).text).toBe('1 2 ');
  });

  it('takes stored text that is further, and joins what had come early', () => {
    expect(answerAfter(started, delta(1), delta(5), delta(6), snapshot(4, 'up to four '))).toMatchObject({
      text: 'up to four 5 6 ',
      resumeAfter: null,
    });
  });

  it('forgets early deltas that the stored text already holds', () => {
    expect(answerAfter(started, delta(3), snapshot(4, 'four '))).toMatchObject({ text: 'four ', early: {} });
  });
});

describe('finishing', () => {
  it('wins over whatever is missing', () => {
    expect(after(started, delta(1), delta(3), finished)[generationId]).toBe('finished');
  });

  it('is not undone by a late delta, start or snapshot', () => {
    const state = after(started, delta(1), finished);
    for (const late of [delta(2), started, snapshot(9, 'old'), finished])
      expect(liveAnswers(state, late)).toBe(state);
  });
});
