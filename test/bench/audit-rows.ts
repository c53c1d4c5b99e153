/** A log of any size for the benchmarks: written set by set, with links that were not hashed where hashes do not matter. */
import { Client } from 'pg';
import { auditEntities, AuditEntries, AuditLog } from '#audit';
import { Clock, Database } from '#platform';
import { ChainSealer } from '../../libs/audit/src/chain/chain-sealer.ts';
import { openDataSource } from '../../apps/api/src/database/data-source.ts';
import { createTestDatabase, onPostgres } from '../support/database.ts';

export async function openLog(poolSize = 10) {
  if (!onPostgres) throw new Error('Set TEST_DATABASE_URL: this benchmark is about Postgres.');
  const created = await createTestDatabase();
  const dataSource = await openDataSource({
    url: created.url,
    poolSize,
    entities: auditEntities,
    onPoolError: () => undefined,
  });
  const database = new Database(dataSource);
  const audit = new AuditLog(database, new Clock());
  const sealer = new ChainSealer(database, audit);
  return {
    url: created.url,
    database,
    audit,
    sealer,
    entries: new AuditEntries(database, sealer),
    /** By a connection without the API's limit on the time of a statement. */
    async slowly(sql: string) {
      const client = new Client({ connectionString: created.url });
      await client.connect();
      await client.query(sql).finally(() => client.end());
    },
    async close() {
      await dataSource.destroy();
      await created.close();
    },
  };
}
export type OpenLog = Awaited<ReturnType<typeof openLog>>;

/** As a year of 2000 people looks: mostly sign-ins, one act in twelve refused, names from a list, one in 20000 rare. */
const entry = `
  SELECT date_trunc('milliseconds', now() - n * interval '15 seconds'),
    md5((n % 2000)::text)::uuid, 'person' || n % 2000 || '@contoso.com', 'Person' || n % 2000 || ' Name' || n % 2000 % 300,
    CASE WHEN n % 20000 = 0 THEN 'user.deleted' WHEN n % 101 = 0 THEN 'user.updated' WHEN n % 12 = 0 THEN 'sign_in.failed'
      WHEN n % 2 = 0 THEN 'sign_in.succeeded' ELSE 'signed_out' END,
    CASE WHEN n % 101 = 0 THEN 'user' ELSE 'session' END, md5((n % 2000 + 7)::text)::uuid::text,
    CASE WHEN n % 12 = 0 THEN 'failure' ELSE 'success' END,
    jsonb_build_object('method', 'authorization_code', 'remember', n % 5 = 0, 'roles', jsonb_build_array('user')),
    '192.0.2.' || n % 255, 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0',
    md5(n::text)::uuid, md5((-n)::text)::uuid::text
  FROM generate_series($from, $to, -1) n`;

const link = `
  INSERT INTO audit_chain
  SELECT sequence, sequence, sha256(id::text::bytea), occurred_at, occurred_at, action, outcome, actor_id,
    CASE WHEN resource_type = 'user' THEN resource_id END,
    array_to_tsvector(string_to_array(lower(concat_ws(' ', replace(action, '.', ' '), outcome, actor_display_name,
      '@' || split_part(actor_display_name, ' ', 1), '@' || split_part(actor_display_name, ' ', 2), ip_address, 'mozilla',
      'chrome', 'authorization', 'contoso', 'com', 'w' || sequence)), ' '))
  FROM audit_entries WHERE sequence BETWEEN $from AND $to`;

const columns = `occurred_at, actor_id, actor_email, actor_display_name, action, resource_type, resource_id, outcome,
  details, ip_address, user_agent, session_id, request_id`;
const step = 20_000;

/** `count` entries, oldest first, and their links, or queued for the sealer. */
export async function fill(
  { database, slowly }: OpenLog,
  count: number,
  { linked }: { linked: boolean },
): Promise<void> {
  const indexes = await database.rows<{ indexdef: string; indexname: string }>(
    `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'audit_chain'
       AND indexname NOT IN ('audit_chain_pkey', 'audit_chain_entry')`,
  );
  if (linked) {
    await database.rows('ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_queued');
    for (const { indexname } of indexes) await database.rows(`DROP INDEX ${indexname}`);
  }
  for (let done = 0; done < count; done += step) {
    const to = Math.min(done + step, count);
    const range = (sql: string, from: number, until: number) =>
      sql.replace('$from', String(from)).replace('$to', String(until));
    await database.rows(
      `INSERT INTO audit_entries (${columns}) ${range(entry, count - done, count - to + 1)}`,
    );
    if (linked) await database.rows(range(link, done + 1, to));
  }
  if (linked) {
    for (const { indexdef } of indexes) await slowly(indexdef);
    await database.rows('ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_queued');
  }
  await slowly('VACUUM ANALYZE audit_entries');
  await slowly('VACUUM ANALYZE audit_chain');
}
