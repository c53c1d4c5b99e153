import { expect, it } from 'vitest';
import { daysUntil, failuresByKind, signInsByDay, usageByDay } from './figures.ts';

it.each([
  ['2026-03-01T00:00:00.000Z', 1, ['2026-03-01']],
  ['2026-03-01T23:59:59.999Z', 3, ['2026-02-27', '2026-02-28', '2026-03-01']],
  // The night in which Europe's clocks change has a day as any other.
  ['2026-03-30T00:30:00.000Z', 3, ['2026-03-28', '2026-03-29', '2026-03-30']],
])('at %s the last %i days are %j', (now, count, days) => {
  expect(daysUntil(new Date(now), count)).toEqual(days);
});

const days = ['2026-02-28', '2026-03-01'];
const none = { authorization_code: 0, device_code: 0, azure_cli: 0, api_bearer: 0 };

it('sign-ins: a day without any is there, a method that nobody knows and a day out of range are not', () => {
  const succeeded = [
    { day: '2026-03-01', method: 'device_code', count: 3 },
    { day: '2026-03-01', method: 'api_bearer', count: 1 },
    { day: '2026-03-01', method: 'constructor', count: 5 },
    { day: '2026-03-01', method: null, count: 5 },
    { day: '2026-02-27', method: 'device_code', count: 5 },
  ];
  const failures = [
    { day: '2026-02-28', action: 'sign_in.failed', code: 'no_role', count: 2 },
    { day: '2026-02-28', action: 'sign_in.failed', code: null, count: 1 },
    { day: '2026-02-28', action: 'access.denied', code: 'forbidden', count: 9 },
  ];
  expect(signInsByDay(days, succeeded, failures)).toEqual([
    { day: '2026-02-28', succeeded: none, failed: 3 },
    { day: '2026-03-01', succeeded: { ...none, device_code: 3, api_bearer: 1 }, failed: 0 },
  ]);
});

it('usage: a day without any is zero', () => {
  const used = { day: '2026-03-01', inputTokens: 5, outputTokens: 6, requests: 1 };
  expect(usageByDay(days, [used])).toEqual([
    { day: '2026-02-28', inputTokens: 0, outputTokens: 0, requests: 0 },
    used,
  ]);
});

it('failures: the days of one kind are one, the most frequent comes first, and the list ends', () => {
  const counted = [
    { day: '2026-02-28', action: 'access.denied', code: 'forbidden', count: 2 },
    { day: '2026-02-28', action: 'sign_in.failed', code: 'no_role', count: 2 },
    { day: '2026-03-01', action: 'sign_in.failed', code: 'no_role', count: 2 },
    { day: '2026-03-01', action: 'sign_in.failed', code: null, count: 1 },
  ];
  expect(failuresByKind(counted, 2)).toEqual([
    { action: 'sign_in.failed', code: 'no_role', count: 4 },
    { action: 'access.denied', code: 'forbidden', count: 2 },
  ]);
});
