import { describe, expect, it } from 'vitest';
import { failureClasses } from '../entra/entra-failure.ts';
import { needsPerson } from '../vault/token-status.ts';
import { retryAt, treatments } from './refresh-policy.ts';

const now = new Date('2026-03-01T08:00:00Z');
const secondsUntil = (time: Date | null) => time && (time.getTime() - now.getTime()) / 1000;
const wait = (
  failureClass: (typeof failureClasses)[number],
  count: number,
  random: number,
  retryAfterSeconds?: number,
) => secondsUntil(retryAt({ failureClass, count, retryAfterSeconds }, now, random));

describe('what follows from a failed refresh', () => {
  it.each([
    ['transient', { tells: 'nobody', endsSessions: false }],
    ['operator', { tells: 'operator', endsSessions: false }],
    ['sign_in_again', { retry: null, tells: 'person', endsSessions: false }],
    ['interaction', { retry: null, tells: 'person', endsSessions: false }],
    ['blocked', { retry: null, tells: 'person', endsSessions: true }],
  ] as const)('%s', (failureClass, treatment) => {
    expect(treatments[failureClass]).toMatchObject(treatment);
  });

  it('F8: what only the person can mend is what is not tried again', () => {
    for (const failureClass of failureClasses)
      expect(treatments[failureClass].retry === null).toBe(needsPerson(failureClass));
  });

  it.each([
    ['transient', 1, 2.5, 5],
    ['transient', 2, 5, 10],
    ['transient', 5, 40, 80],
    ['transient', 8, 300, 600],
    ['transient', 5000, 300, 600],
    ['operator', 1, 30, 60],
    ['operator', 9, 450, 900],
  ] as const)('F7: after %s no. %i it waits for %f to %f seconds', (failureClass, count, least, most) => {
    expect(wait(failureClass, count, 0)).toBe(least);
    expect(wait(failureClass, count, 1)).toBe(most);
  });

  it.each([
    ['more than the back-off', 30, 1, 30, 37.5],
    ['less than the back-off', 10, 8, 300, 600],
    ['none of a sane clock', 10 ** 9, 1, 3600, 4500],
    ['nothing', 0, 1, 2.5, 5],
  ])('F7: a Retry-After of %s is honoured and spread', (_, asked, count, least, most) => {
    expect(wait('transient', count, 0, asked)).toBe(least);
    expect(wait('transient', count, 1, asked)).toBe(most);
  });
});
