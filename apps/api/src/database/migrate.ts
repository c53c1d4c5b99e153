import type { DataSource, QueryRunner } from 'typeorm';
import { isDatabaseUnavailable } from '#platform';
import { openDataSource } from './data-source.ts';
import { migrations } from './migrations/index.ts';

/** Any constant will do; it names this application's migration lock within the database. */
const migrationLock = 7_403_291;

/**
 * A migration may take as long as it needs, but not stand in line for a table: everybody who wants the table after it
 * stands behind it. Rather it fails, and the process that wanted it says so.
 */
const lockMs = 5_000;

export interface DatabaseAddresses {
  /** What the API itself uses. */
  url: string;
  /** Whose tables they are; the same as `url` unless the API is to have no more rights than it needs. */
  ownerUrl: string;
  /** Written down by the owner: what may be dropped from the audit log is not the API's own to say. */
  auditRetentionDays?: number;
}

/**
 * Brings the schema up to date. Several processes may start at once: one migrates under an advisory lock, the others
 * wait and find nothing to do. Returns the names of the migrations that ran.
 */
export async function migrate({ url, ownerUrl, auditRetentionDays }: DatabaseAddresses): Promise<string[]> {
  const dataSource = await openDataSource({
    url: ownerUrl,
    poolSize: 2,
    entities: [],
    onPoolError: () => undefined,
    lockMs,
  });
  try {
    return await underLock(dataSource, async (runner) => {
      const ran = await runMigrations(dataSource);
      if (auditRetentionDays !== undefined)
        await runner.query('UPDATE audit_policy SET retention_days = $1', [auditRetentionDays]);
      if (url !== ownerUrl) await grantTo(runner, decodeURIComponent(new URL(url).username));
      return ran.map(({ name }) => name);
    });
  } finally {
    await dataSource.destroy();
  }
}

/** The same for a database that nobody has opened yet. */
export async function missingMigrationsAt(url: string): Promise<string[]> {
  const dataSource = await openDataSource({ url, poolSize: 1, entities: [], onPoolError: () => undefined });
  return missingMigrations(dataSource).finally(() => dataSource.destroy());
}

/**
 * What this version needs and the database does not have; what a newer version has brought is none of it. All of it, where
 * a restored backup has not granted the role that asks its rights yet: to migrate does that.
 */
export async function missingMigrations(dataSource: DataSource): Promise<string[]> {
  const [table]: { isReadable: boolean | null }[] = await dataSource.query(
    `SELECT has_table_privilege(to_regclass('migrations'), 'SELECT') AS "isReadable"`,
  );
  const rows: { name: string }[] = table?.isReadable
    ? await dataSource.query('SELECT name FROM migrations')
    : [];
  const there = new Set(rows.map(({ name }) => name));
  return migrations.map((Migration) => new Migration().name).filter((name) => !there.has(name));
}

/** Each in a transaction of its own: the one that fails is named, and nothing of it is left. */
async function runMigrations(dataSource: DataSource): Promise<{ name: string }[]> {
  try {
    return await dataSource.runMigrations();
  } catch (error) {
    const [next] = await missingMigrations(dataSource).catch(() => []);
    if (!next || isDatabaseUnavailable(error)) throw error;
    const { message } = error as Error;
    throw new Error(`the migration ${next} failed (${message}) and has changed nothing`, { cause: error });
  }
}

async function underLock<Result>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    // For as long as another process migrates.
    await runner.query('SET lock_timeout = 0');
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await runner.query(`SET lock_timeout = ${lockMs}`);
    return await work(runner);
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    await runner.release();
  }
}

/** The API's own role reads and writes rows, and adds to the audit log without being able to change it. */
async function grantTo(runner: QueryRunner, role: string): Promise<void> {
  const [row] = (await runner.query('SELECT quote_ident($1) AS name, current_schema() AS schema', [
    role,
  ])) as {
    name: string;
    schema: string;
  }[];
  if (!row) return;
  const { name, schema } = row;
  await runner.query(`GRANT USAGE ON SCHEMA ${schema} TO ${name}`);
  await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${name}`);
  await runner.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${name}`);
  await runner.query(`REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM ${name}`);
  await runner.query(
    `REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_chain, audit_unsealed, audit_dropped_ranges, audit_policy FROM ${name}`,
  );
  await runner.query(
    `GRANT EXECUTE ON FUNCTION ${schema}.seal_audit_entries, ${schema}.drop_expired_audit_entries TO ${name}`,
  );
  await runner.query(`REVOKE ALL ON migrations FROM ${name}`);
  await runner.query(`GRANT SELECT ON migrations TO ${name}`);
}
