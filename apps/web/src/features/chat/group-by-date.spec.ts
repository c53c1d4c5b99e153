import { expect, it } from 'vitest';
import { groupByDate } from './group-by-date.ts';

const at = (month: number, day: number, hour = 12) => new Date(2031, month - 1, day, hour).toISOString();
const now = new Date(2031, 2, 31, 9).getTime();
const groups = (...times: string[]) =>
  groupByDate(
    times.map((updatedAt) => ({ updatedAt })),
    now,
  ).map(({ group, items }) => [group, items.length]);

it('goes by the calendar day', () => {
  expect(groups(at(3, 31, 0), at(3, 30, 23), at(3, 30, 0), at(3, 29, 23))).toEqual([
    ['Today', 1],
    ['Yesterday', 2],
    ['Previous 7 days', 1],
  ]);
});

it('counts seven days back across a change of the clocks, and the rest as older', () => {
  expect(groups(at(3, 24, 0), at(3, 23, 23), at(1, 1))).toEqual([
    ['Previous 7 days', 1],
    ['Older', 2],
  ]);
});

it('takes a time slightly ahead of our clock for today', () => {
  expect(groups(new Date(now + 60_000).toISOString())).toEqual([['Today', 1]]);
});

it('keeps the order within a group', () => {
  const items = [{ updatedAt: at(3, 31, 8) }, { updatedAt: at(3, 31, 7) }];
  expect(groupByDate(items, now)[0]?.items).toEqual(items);
});

it('is empty for nothing', () => {
  expect(groups()).toEqual([]);
});
