import { describe, expect, it } from 'vitest';
import type { Role } from '#contracts';
import { dailyQuota, estimatedTokens, secondsUntilNextDay, usageDay } from './quota.ts';

describe('dailyQuota', () => {
  const quotas = { viewer: 0, user: 100, auditor: 500 };
  it.each<[Role[], number | null]>([
    [['user'], 100],
    [['viewer'], 0],
    [['user', 'auditor'], 500],
    [['user', 'admin'], null],
    [[], null],
  ])('of %j is %s', (roles, quota) => {
    expect(dailyQuota(roles, quotas)).toBe(quota);
  });
});

describe('the day of a quota', () => {
  it.each([
    ['2026-03-01T00:00:00Z', '2026-03-01', 86_400],
    ['2026-03-01T23:59:59.500Z', '2026-03-01', 1],
    ['2026-12-31T12:00:00Z', '2026-12-31', 43_200],
  ])('at %s is %s and has %i seconds left', (time, day, seconds) => {
    expect(usageDay(new Date(time))).toBe(day);
    expect(secondsUntilNextDay(new Date(time))).toBe(seconds);
  });

  it('counts unreported text at four characters a token', () => {
    expect([0, 1, 4, 5].map(estimatedTokens)).toEqual([0, 1, 1, 2]);
  });
});
