/** One tick of the scheduler costs what is due, and not how many people there are. Entra answers at once here. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { secondsAfter } from '#platform';
import { sealContent } from '../../libs/auth/src/vault/vault-content.ts';
import { openAuth } from '../support/auth-kit.ts';
import { median, milliseconds, report } from './bench.ts';

const due = 500;
const ticks = 7;
const sizes = [1_000, 10_000, 100_000];

const auth = await openAuth();
const { database, clock } = auth;
auth.entra.answer = (call) => ({ accessToken: `token-${call}`, expiresAt: secondsAfter(clock.now(), 3600) });
const { schedule } = auth.newProcess({ limits: { concurrency: 10, perSecond: Number.POSITIVE_INFINITY } });

/** People with a session and a fresh token, up to `count` of them; a cache is a few kilobytes. */
async function fillUpTo(count: number): Promise<void> {
  for (let there = await auth.count('users'); there < count; there = await auth.count('users'))
    await add(Math.min(5_000, count - there));
  await database.rows('VACUUM ANALYZE');
}

async function add(count: number): Promise<void> {
  const now = clock.now();
  await database.rows(
    `WITH people AS (
       INSERT INTO users (tenant_id, object_id, display_name, created_at, updated_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'Person', $1, $1
       FROM generate_series(1, $2) RETURNING id),
     sessions_of AS (
       INSERT INTO sessions (user_id, token_hash, method, browser_hash, created_at, authenticated_at, last_seen_at,
         idle_expires_at, absolute_expires_at)
       SELECT id, uuid_send(id), 'authorization_code', uuid_send(id), $1, $1, $1, $3, $3 FROM people)
     INSERT INTO token_caches (user_id, sealed, version, client, expires_at, refresh_due_at, updated_at)
     SELECT id, $4, 1, 'confidential', $5, $5, $1 FROM people`,
    [now, count, secondsAfter(now, 90 * 86_400), randomBytes(4096), secondsAfter(now, 86_400)],
  );
}

const people: string[] = [];
/** The same people each time. */
async function makeDue(): Promise<void> {
  if (people.length === 0) {
    const found = await database.rows<{ id: string }>('SELECT id FROM users ORDER BY id LIMIT $1', [due]);
    people.push(...found.map(({ id }) => id));
    for (const id of people) {
      const token = { accessToken: 'token-0', expiresAt: clock.now(), acquiredAt: clock.now() };
      const content = { cache: 'x'.repeat(4000), tokens: { [auth.config.openAiScope]: token } };
      await database.rows('UPDATE token_caches SET sealed = $2 WHERE user_id = $1', [
        id,
        sealContent(auth.sealer, id, content),
      ]);
    }
  }
  await database.rows('UPDATE token_caches SET refresh_due_at = $2 WHERE user_id = ANY($1)', [
    people,
    clock.now(),
  ]);
  auth.entra.calls.length = 0;
}

let queries = 0;
const send = Client.prototype.query;
Client.prototype.query = function counted(this: Client, ...parameters: unknown[]) {
  queries += 1;
  return (send as (...all: unknown[]) => unknown).apply(this, parameters);
} as typeof send;

const measured: { size: number; time: number; queries: number }[] = [];
for (const size of sizes) {
  await fillUpTo(size);
  const times: number[] = [];
  const counts: number[] = [];
  for (let tick = 0; tick < ticks; tick += 1) {
    await makeDue();
    queries = 0;
    times.push(await milliseconds(() => schedule.tick()));
    counts.push(queries);
    if (auth.entra.calls.length !== due) throw new Error(`${auth.entra.calls.length} refreshes, not ${due}`);
  }
  // The quickest: what else the machine does only makes ticks slower.
  measured.push({ size, time: Math.min(...times), queries: median(counts) });
}
await auth.close();

const spread = (values: number[]): number => Math.max(...values) / Math.min(...values);
report({
  title: `One tick of the scheduler, ${due} people due`,
  columns: ['People in the vault', 'Milliseconds, the quickest of seven', 'Queries'],
  rows: measured.map(({ size, time, queries: count }) => [size, Math.round(time), count]),
  aims: [
    { what: 'slowest tick / quickest tick', value: spread(measured.map(({ time }) => time)), atMost: 1.5 },
    { what: 'most queries / fewest queries', value: spread(measured.map((one) => one.queries)), atMost: 1.5 },
  ],
});
