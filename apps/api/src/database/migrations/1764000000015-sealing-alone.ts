import type { MigrationInterface, QueryRunner } from 'typeorm';

const locks = 'PERFORM pg_advisory_xact_lock(7403292);';
const locksOrLeaves = `${locks}
        ELSE
          -- Nothing waited, so no lock is held: what is committed from here on is left to the next run.
          most := 0;`;

/**
 * A run of `seal_audit_entries` that found the queue empty took no lock, and yet sealed what was committed in the same
 * moment. Another run, which did hold the lock, was then refused its link, and failed.
 */
export class SealingAlone1764000000015 implements MigrationInterface {
  name = 'SealingAlone1764000000015';

  up(runner: QueryRunner): Promise<void> {
    return rewrite(runner, locks, locksOrLeaves);
  }

  down(runner: QueryRunner): Promise<void> {
    return rewrite(runner, locksOrLeaves, locks);
  }
}

async function rewrite(runner: QueryRunner, before: string, after: string): Promise<void> {
  const [row] = (await runner.query(
    `SELECT pg_get_functiondef('seal_audit_entries(integer)'::regprocedure) AS definition`,
  )) as [{ definition: string }];
  const rewritten = row.definition.replace(before, () => after);
  if (rewritten === row.definition)
    throw new Error('seal_audit_entries is not what the migrations have made');
  await runner.query(rewritten);
}
