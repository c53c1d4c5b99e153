/** The short form of `npm run soak`: always the same faults, each kind once. What it is made of lies in test/soak. */
import { beforeAll, describe, expect, it } from 'vitest';
import { hasNginx } from '../support/nginx.ts';
import { noRedis } from '../support/redis.ts';
import { breachesOf, invariants } from '../soak/invariants/index.ts';
import { faultKinds } from '../soak/plan.ts';
import { hasPostgres } from '../soak/postgres.ts';
import { soak, type SoakResult } from '../soak/soak.ts';

const isPossible = hasNginx && !noRedis && hasPostgres;
if (!isPossible) console.warn('nginx, redis-server or Postgres is not installed: the soak is NOT tried.');

describe.skipIf(!isPossible)('a soak: people at work while everything fails once', () => {
  let seen: SoakResult;
  beforeAll(async () => {
    seen = await soak({ seed: 2, seconds: 40, people: 4, processes: 2, browsersEach: 2 });
  }, 180_000);

  it('had every kind of fault, and people who got something done', () => {
    const { faults, sent, signIns, endings, watches } = seen.journal;
    const count = (attempts: readonly { ackAt: number | null }[]) =>
      attempts.filter(({ ackAt }) => ackAt !== null).length;
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(faultKinds));
    expect(count(sent)).toBeGreaterThan(15);
    expect(count(signIns)).toBeGreaterThan(8);
    expect(count(endings)).toBeGreaterThan(0);
    expect(watches.filter(({ end }) => end).length).toBeGreaterThan(10);
  });

  it.each(Object.keys(invariants))('F1, F5, F6, F7, F8, F12, F15, F16, F17, F18: %s', (invariant) => {
    const breaches = breachesOf(seen.journal, seen.stored).filter((breach) => breach.invariant === invariant);
    expect(breaches.map(({ what }) => what)).toEqual([]);
  });
});
