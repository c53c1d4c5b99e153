import { expect, it } from 'vitest';
import type { AuditFigures } from '#audit';
import type { PeopleFigures } from '#auth';
import type { UsageFigures } from '#chat';
import { FakeClock } from '#platform/testing';
import { Overviews } from './overviews.ts';

const noTokens = { fresh: 0, expiring: 0, expired: 0, needs_interaction: 0, none: 0 };

function openOverviews() {
  const clock = new FakeClock(new Date('2026-03-01T08:00:00Z'));
  const counted = { times: 0, fails: false };
  const people = {
    people: async () => {
      counted.times += 1;
      if (counted.fails) throw new Error('the database is away');
      return { total: 0, active: 0 };
    },
    sessions: async () => ({ active: 0, people: 0 }),
    azureTokens: async () => noTokens,
    namesOf: async () => new Map(),
  } as unknown as PeopleFigures;
  const audit = { signIns: async () => [], failures: async () => [] } as unknown as AuditFigures;
  const usage = {
    byDay: async () => [],
    topPeople: async () => [{ userId: 'gone', tokens: 5 }],
  } as unknown as UsageFigures;
  return { clock, counted, overviews: new Overviews(clock, people, audit, usage) };
}

it('is counted once in ten seconds, however many look on at once', async () => {
  const { clock, counted, overviews } = openOverviews();
  const [first, second] = await Promise.all([overviews.of(30), overviews.of(30)]);
  expect(second).toBe(first);
  expect(counted.times).toBe(1);
  clock.advanceSeconds(9);
  await overviews.of(30);
  expect(counted.times).toBe(1);
  clock.advanceSeconds(1);
  await overviews.of(30);
  expect(counted.times).toBe(2);
});

it('is counted for each range', async () => {
  const { counted, overviews } = openOverviews();
  expect((await overviews.of(7)).signIns).toHaveLength(7);
  expect((await overviews.of(90)).signIns).toHaveLength(90);
  expect(counted.times).toBe(2);
});

it('keeps no failure', async () => {
  const { counted, overviews } = openOverviews();
  counted.fails = true;
  await expect(overviews.of(30)).rejects.toThrow('the database is away');
  counted.fails = false;
  expect((await overviews.of(30)).usage).toHaveLength(30);
});

it('names nobody who has gone between the two reads', async () => {
  const { overviews } = openOverviews();
  expect((await overviews.of(30)).usageByPerson).toEqual([]);
});
