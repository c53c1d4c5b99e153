import { expect, it } from 'vitest';
import { formatCountdown, formatDistance, plural, sayCountdown } from './format-time.ts';

it.each([
  [900_000, '15:00'],
  [899_001, '15:00'],
  [899_000, '14:59'],
  [60_000, '1:00'],
  [9_500, '0:10'],
  [1, '0:01'],
  [0, '0:00'],
  [-5_000, '0:00'],
])('shows %i ms as %s', (milliseconds, text) => {
  expect(formatCountdown(milliseconds)).toBe(text);
});

it.each([
  [900_000, '15 minutes'],
  [60_000, '1 minute'],
  [59_000, '59 seconds'],
  [1_000, '1 second'],
  [-1, '0 seconds'],
])('says %i ms as %s', (milliseconds, text) => {
  expect(sayCountdown(milliseconds)).toBe(text);
});

it('counts one without an s', () => {
  expect([plural(0, 'token'), plural(1, 'token'), plural(2, 'token')]).toEqual([
    '0 tokens',
    '1 token',
    '2 tokens',
  ]);
});

it.each([
  [20, 'in less than a minute'],
  [-20, 'just now'],
  [60, 'in 1 minute'],
  [43 * 60, 'in 43 minutes'],
  [-89 * 60, '89 minutes ago'],
  [2 * 3600, 'in 2 hours'],
  [-35 * 3600, '35 hours ago'],
  [7 * 86_400, 'in 7 days'],
])('says of something %i seconds ahead: %s', (seconds, text) => {
  const now = Date.parse('2031-01-01T00:00:00.000Z');
  expect(formatDistance(new Date(now + seconds * 1000).toISOString(), now)).toBe(text);
});
