import { expect, it } from 'vitest';
import { isLastRound, nextRound } from './confirm-round.ts';

const answerId = '5b4c1f0e-0000-4000-8000-000000000001';

it('F8: two rounds in a row, then no more', () => {
  const first = nextRound(null, 'here', answerId);
  expect(first).toEqual({ place: 'here', answerId, rounds: 1 });
  expect(isLastRound(null)).toBe(false);
  expect(isLastRound(first)).toBe(false);
  expect(isLastRound(nextRound(first, 'here', null))).toBe(true);
});

it('another conversation begins to count anew', () => {
  const second = nextRound(nextRound(null, 'here', answerId), 'here', answerId);
  expect(nextRound(second, 'elsewhere', null)).toEqual({ place: 'elsewhere', answerId: null, rounds: 1 });
});
