import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { onPostgres, openTestDatabase } from '../../../../test/support/database.ts';
import { Verification } from './verification.ts';

/** Eight writers on two processes. */
const [processes, writers, each] = [2, 4, onPostgres ? 2_500 : 15];

it('LOG-03: entries of several writers on two processes are chained without a gap', async () => {
  const { url, database, close } = await openTestDatabase([]);
  const child = () =>
    promisify(execFile)(
      process.execPath,
      ['--conditions=source', '--import=tsx', 'test/support/audit-writer.ts', url, `${writers}`, `${each}`],
      { env: { PATH: process.env.PATH, TSX_TSCONFIG_PATH: 'tsconfig.base.json' } },
    );
  await Promise.all(Array.from({ length: processes }, child));
  const all = processes * writers * each;
  expect(await new Verification(database).verify()).toEqual({
    valid: true,
    checked: all,
    firstBrokenSequence: null,
  });
  const [row] = await database.rows(
    `SELECT min(c.sequence)::int AS first, max(c.sequence)::int AS last, count(DISTINCT c.entry)::int AS entries,
       count(*) FILTER (WHERE e.details ? 'isAbandoned')::int AS abandoned,
       (SELECT count(*) FROM audit_unsealed)::int AS waiting
     FROM audit_chain c JOIN audit_entries e ON e.sequence = c.entry`,
  );
  expect(row).toEqual({ first: 1, last: all, entries: all, abandoned: 0, waiting: 0 });
  await close();
}, 240_000);
