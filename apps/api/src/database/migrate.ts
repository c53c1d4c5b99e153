import type { DataSource } from 'typeorm';
import { openDataSource } from './data-source.ts';

/** Any constant will do; it names this application's migration lock within the database. */
const migrationLock = 7_403_291;

/**
 * Brings the schema up to date. Several processes may start at once: one migrates under an advisory lock, the others
 * wait and find nothing to do. Returns the names of the migrations that ran.
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const dataSource = await openDataSource({
    url: ownerUrl,
    poolSize: 2,
    entities: [],
    onPoolError: () => undefined,
  });
  try {
    return await underLock(dataSource, async () => {
      const ran = await dataSource.runMigrations();
      return ran.map(({ name }) => name);
    });
  } finally {
    await dataSource.destroy();
  }
}

async function underLock<Result>(dataSource: DataSource, work: () => Promise<Result>): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    return await work();
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    await runner.release();
  }
}
