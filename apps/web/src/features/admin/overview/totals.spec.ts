import { expect, it } from 'vitest';
import { isNew, totals } from './totals.ts';

const day = '2026-03-01';
const succeeded = { authorization_code: 2, device_code: 1, azure_cli: 0, api_bearer: 4 };
const signIns = [
  { day, succeeded, failed: 3 },
  { day: '2026-03-02', succeeded: { ...succeeded, device_code: 0 }, failed: 0 },
];
const usage = [
  { day, inputTokens: 10, outputTokens: 5, requests: 2 },
  { day: '2026-03-02', inputTokens: 1, outputTokens: 0, requests: 1 },
];

it('adds up the days and the methods', () => {
  expect(totals({ signIns, usage })).toEqual({ signIns: 13, failed: 3, tokens: 16, requests: 3 });
});

it.each([
  [1, [], true],
  [1, usage, false],
  [2, [], false],
  [0, [], true],
])('with %i people and the usage %j, new is %s', (total, used, expected) => {
  expect(isNew({ people: { total, active: total }, signIns, usage: used })).toBe(expected);
});
