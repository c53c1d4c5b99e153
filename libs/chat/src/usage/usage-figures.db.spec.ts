import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type OpenTestDatabase } from '../../../../test/support/database.ts';
import { UsageFigures } from './usage-figures.ts';

let test: OpenTestDatabase;
let figures: UsageFigures;
const [ada, ben, cleo] = [1, 2, 3].map((place) => `00000000-0000-4000-8000-00000000000${place}`) as [
  string,
  string,
  string,
];

beforeAll(async () => {
  test = await openTestDatabase([]);
  figures = new UsageFigures(test.database);
  for (const id of [ada, ben, cleo])
    await test.database.rows(
      `INSERT INTO users (id, tenant_id, object_id, display_name, created_at, updated_at)
       VALUES ($1, $1, $1, 'Somebody', now(), now())`,
      [id],
    );
  const used: [string, string, string, number, number, number][] = [
    [ada, '2026-02-27', 'gpt', 1000, 1000, 9],
    [ada, '2026-02-28', 'gpt', 10, 20, 1],
    [ada, '2026-02-28', 'small', 1, 2, 1],
    // More than a 32-bit integer holds.
    [ben, '2026-02-28', 'gpt', 3_000_000_000, 5, 2],
    [ben, '2026-03-01', 'gpt', 7, 0, 1],
    [cleo, '2026-03-01', 'gpt', 40, 0, 1],
  ];
  for (const row of used)
    await test.database.rows('INSERT INTO usage_days VALUES ($1, $2, $3, $4, $5, $6)', row);
});
afterAll(() => test.close());

it('sums a day over people and models', async () => {
  expect(await figures.byDay('2026-02-28')).toEqual([
    { day: '2026-02-28', inputTokens: 3_000_000_011, outputTokens: 27, requests: 4 },
    { day: '2026-03-01', inputTokens: 47, outputTokens: 0, requests: 2 },
  ]);
});

it('sums the days of one person', async () => {
  expect(await figures.byDayOf(ada, '2026-02-28')).toEqual([
    { day: '2026-02-28', inputTokens: 11, outputTokens: 22, requests: 2 },
  ]);
});

it('names who used most in these days, and no more than asked for', async () => {
  expect(await figures.topPeople('2026-02-28', 2)).toEqual([
    { userId: ben, tokens: 3_000_000_012 },
    { userId: cleo, tokens: 40 },
  ]);
});
