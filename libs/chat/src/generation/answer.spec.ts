import { describe, expect, it } from 'vitest';
import { check, fc } from '../../test/property.ts';
import { answerOf, deltasAfter, GrowingAnswer, longer } from './answer.ts';

const grown = (pieces: string[]) => {
  const answer = new GrowingAnswer();
  pieces.forEach((piece) => answer.append(piece));
  return answer;
};
const pieces = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { maxLength: 40 });

describe('an answer', () => {
  it('F18: sends every delta once more exactly as it was, from any number on', () => {
    expect.hasAssertions();
    check([pieces, fc.nat(45)], (said, after) => {
      const events = deltasAfter('g', grown(said), after);
      expect(events.map(({ data }) => data)).toEqual(
        said.slice(after).map((text, index) => ({ generationId: 'g', seq: after + index + 1, text })),
      );
    });
  });

  it('is what its events tell', () => {
    expect.hasAssertions();
    check([pieces], (said) => {
      const answer = grown(said);
      expect(answerOf(deltasAfter('g', answer, 0))).toEqual(answer);
    });
  });

  it('is not changed by what comes after a snapshot', () => {
    const answer = grown(['a']);
    const before = answer.snapshot();
    answer.append('b');
    expect(before).toEqual({ text: 'a', deltaEnds: [1] });
  });

  it('is taken from where more of it is known', () => {
    const [short, long] = [grown(['a']), grown(['a', 'b'])];
    expect(longer(short, long)).toBe(long);
    expect(longer(long, short)).toBe(long);
  });
});
