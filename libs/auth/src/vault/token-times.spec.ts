import { describe, expect, it } from 'vitest';
import { secondsAfter } from '#platform';
import { dueAt, refreshFrom, timesOf } from './token-times.ts';

const now = new Date('2026-03-01T08:00:00Z');
const token = (lifeSeconds: number, isAgeKnown = true) => ({
  expiresAt: secondsAfter(now, lifeSeconds),
  acquiredAt: isAgeKnown ? now : undefined,
});
const seconds = (time: Date) => (time.getTime() - now.getTime()) / 1000;

describe('when a token is renewed', () => {
  it.each([
    ['an hour', token(3600), 300, 3300, 3000],
    ['an hour of unknown age', token(3600, false), 300, 3300, 3000],
    ['ten minutes', token(600), 300, 300, 150],
    ['an hour, with a buffer as long', token(3600), 3600, 1800, 900],
    ['five seconds', token(5), 300, 2.5, 1.25],
    ['no time at all', token(0), 300, 0, 0],
    ['over when it came', token(-10), 300, -10, -10],
  ])('of %s: by callers, and up to how much sooner by the scheduler', (_, kept, buffer, from, earliest) => {
    expect(seconds(refreshFrom(kept, buffer))).toBe(from);
    expect(seconds(dueAt(kept, buffer, 0))).toBe(from);
    expect(seconds(dueAt(kept, buffer, 1))).toBe(earliest);
  });

  it('F29: tokens that were issued together do not fall due together', () => {
    const due = Array.from({ length: 1000 }, (_, index) => seconds(dueAt(token(3600), 300, index / 1000)));
    const perMinute = [0, 1, 2, 3, 4].map(
      (minute) => due.filter((at) => at > 3000 + minute * 60 && at <= 3060 + minute * 60).length,
    );
    expect(Math.max(...perMinute)).toBeLessThanOrEqual(201);
  });

  it('nothing is due of somebody without a token', () => {
    const none = { expiresAt: null, refreshDueAt: null, lastRefreshedAt: null };
    expect(timesOf(null, now, { refreshBufferSeconds: 300 }, 0)).toEqual(none);
  });
});
