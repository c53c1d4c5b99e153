import { expect, it } from 'vitest';
import { readRange } from './range.ts';

it.each([
  ['7', 7],
  ['90', 90],
  [null, 30],
  ['31', 30],
  ['7.0', 30],
  ['', 30],
])('an address that says %j means %i days', (value, days) => {
  expect(readRange(value)).toBe(days);
});
