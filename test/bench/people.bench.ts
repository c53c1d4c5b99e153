/** A page of people at 10 k and at 2 M: each order, filter and search, asked in turns so that both meet the same machine. */
import { Client } from 'pg';
import { peopleQuerySchema, peopleSorts } from '#contracts';
import { People } from '../../libs/auth/src/admin/people.ts';
import { type OpenAuth, openAuth } from '../support/auth-kit.ts';
import { milliseconds, report } from './bench.ts';
import { p95InTurns } from './in-turns.ts';

const sizes = [10_000, Number(process.env.BENCH_PEOPLE ?? 2_000_000)];

interface List {
  auth: OpenAuth;
  people: People;
}

async function open(size: number): Promise<List> {
  const auth = await openAuth();
  // Not through the API's own connections, which give up on what takes so long.
  const client = new Client({ connectionString: (auth.dataSource.options as { url: string }).url });
  await client.connect();
  await fill(client, size).finally(() => client.end());
  return { auth, people: new People(auth.database, auth.users, auth.vault) };
}

/** Without the indexes meanwhile: they are made faster than kept. */
async function fill(client: Client, size: number): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = 'users' AND indexname NOT IN ('users_pkey', 'users_identity')`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  // Two thousand first and five thousand last names, no two people alike; ten administrators, a hundred auditors, one of twenty a viewer, one
  // of a hundred disabled, one of ten never signed in: each filter has a full page at both sizes.
  await client.query(
    `INSERT INTO users (tenant_id, object_id, display_name, email, department, roles_from_entra, granted_roles, is_active,
       created_at, updated_at, last_sign_in_at)
     SELECT gen_random_uuid(), gen_random_uuid(), 'First' || n * 7919 % 2000 || ' Last' || (n / 2000 * 104729 + n * 31) % 5000,
       'p' || n || '@contoso.com', 'Department ' || n % 40,
       CASE WHEN n % 20 = 0 THEN '{viewer}' ELSE '{user}' END::text[],
       CASE WHEN n <= 10 THEN '{admin}' WHEN n <= 110 THEN '{auditor}' ELSE '{}' END::text[], n % 100 <> 0,
       timestamptz '2026-01-01' - n * interval '7 s', now(),
       CASE WHEN n % 10 > 0 THEN timestamptz '2026-01-01' - (n * 7919 % 1000000) * interval '3 s' END
     FROM generate_series(1::bigint, $1) AS n`,
    [size],
  );
  for (const { definition } of indexes) await client.query(definition);
  await client.query('VACUUM ANALYZE users');
}

const queries: Record<string, Record<string, string>> = Object.fromEntries([
  ...peopleSorts.map((sort) => [`sort=${sort}`, { sort }]),
  ...(['admin', 'auditor', 'user', 'viewer'] as const).flatMap((role) =>
    (['-createdAt', 'displayName', '-lastSignInAt'] as const).map((sort) => [
      `role=${role} sort=${sort}`,
      { role, sort },
    ]),
  ),
  ...(['true', 'false'] as const).flatMap((active) =>
    (['-createdAt', 'displayName', '-lastSignInAt'] as const).map((sort) => [
      `active=${active} sort=${sort}`,
      { active, sort },
    ]),
  ),
  ['search: an address', { search: 'p7001@contoso.com' }],
  ['search: an address, by name', { search: 'p7001@contoso.com', sort: 'displayName' }],
  ['search: the beginning of an address', { search: 'p7001@cont' }],
  ['search: first and last name', { search: 'first919 last1218' }],
  ['search: a first and a last name that nobody has together', { search: 'first119 last4729' }],
  ['search: everybody', { search: 'contoso' }],
  ['search: everybody, by name', { search: 'contoso', sort: 'displayName' }],
  ['search: nobody', { search: 'nobody' }],
]);

const lists: List[] = [];
for (const size of sizes) {
  const took = await milliseconds(async () => lists.push(await open(size)));
  process.stderr.write(`${size} people in ${Math.round(took / 1000)} s\n`);
}

const measured: { name: string; p95s: number[] }[] = [];
for (const [name, asked] of Object.entries(queries)) {
  const query = peopleQuerySchema.parse(asked);
  // The first page, and the one after it.
  const pages = [];
  for (const { people } of lists) {
    const cursor = (await people.list(query)).nextCursor;
    pages.push({ people, second: { ...query, ...(cursor ? { cursor } : {}) } });
  }
  const p95s = await p95InTurns(pages, ({ people, second }, round) =>
    people.list(round % 2 === 0 ? query : second),
  );
  measured.push({ name, p95s });
}
for (const { auth } of lists) await auth.close();

const ratio = ([small = Number.NaN, large = Number.NaN]: number[]): number => large / small;
report({
  title: 'People',
  columns: ['A page of 50', ...sizes.map((size) => `p95 at ${size}, ms`), 'Ratio'],
  rows: measured.map(({ name, p95s }) => [name, ...p95s.map((ms) => ms.toFixed(1)), ratio(p95s).toFixed(2)]),
  aims: measured.map(({ name, p95s }) => ({ what: name, value: ratio(p95s), atMost: 2 })),
});
