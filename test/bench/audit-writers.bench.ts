/** Eight writers on two processes, as the API writes and seals: 20 k entries, numbered without a gap. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Verification } from '#audit';
import { openLog } from './audit-rows.ts';
import { milliseconds, report } from './bench.ts';

const [processes, writers, each] = [2, 4, Number(process.env.BENCH_ENTRIES ?? 20_000) / 8];
const all = processes * writers * each;

const log = await openLog(2);
const args = [
  '--conditions=source',
  '--import=tsx',
  'test/support/audit-writer.ts',
  log.url,
  `${writers}`,
  `${each}`,
];
const env = { PATH: process.env.PATH, TSX_TSCONFIG_PATH: 'tsconfig.base.json' };
const took = await milliseconds(() =>
  Promise.all(Array.from({ length: processes }, () => promisify(execFile)(process.execPath, args, { env }))),
);
const { valid, checked } = await new Verification(log.database).verify();
const [chain] = await log.database.rows<{ span: number; entries: number; waiting: number }>(
  `SELECT (max(sequence) - min(sequence) + 1)::int AS span, count(DISTINCT entry)::int AS entries,
     (SELECT count(*) FROM audit_unsealed)::int AS waiting FROM audit_chain`,
);
await log.close();
const exactly = (what: string, value: number, wanted: number) => ({
  what,
  value,
  atLeast: wanted,
  atMost: wanted,
});
report({
  title: 'Eight writers on two processes',
  columns: ['Entries', 'Seconds until all are sealed', 'Entries per second'],
  rows: [[all, (took / 1000).toFixed(1), Math.round(all / (took / 1000))]],
  aims: [
    exactly('entries in the chain', chain?.entries ?? 0, all),
    exactly('numbers from the first to the last', chain?.span ?? 0, all),
    exactly('entries that verify', valid ? checked : 0, all),
    exactly('entries that wait', chain?.waiting ?? -1, 0),
  ],
});
