/** Exports of 10 k and of 1 M entries: how fast, and how much memory the process has at most meanwhile. */
import { finished } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AuditExport } from '../../libs/audit/src/export/audit-export.ts';
import { AuditMetrics } from '../../libs/audit/src/audit-metrics.ts';
import { fill, openLog } from './audit-rows.ts';
import { milliseconds, report } from './bench.ts';

// What an export logs would stand between.
Logger.overrideLogger(false);

const sizes = [10_000, Number(process.env.BENCH_ENTRIES ?? 1_000_000)];
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

interface Measured {
  format: string;
  entries: number;
  seconds: number;
  bytes: number;
  /** The most that was resident at any piece that came. */
  resident: number;
}

async function measure(exports: AuditExport, format: 'csv' | 'jsonl', entries: number): Promise<Measured> {
  const { stream } = await exports.open({ format });
  let bytes = 0;
  let resident = 0;
  const reader = new Writable({
    write(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      resident = Math.max(resident, process.memoryUsage.rss());
      done();
    },
  });
  const took = await milliseconds(() => finished(stream.pipe(reader)));
  return { format, entries, seconds: took / 1000, bytes, resident };
}

const measured: Measured[] = [];
for (const entries of sizes) {
  const log = await openLog(2);
  await fill(log, entries, { linked: true });
  const metrics = new AuditMetrics(log.database, log.sealer, new Registry());
  const exports = new AuditExport(log.entries, log.sealer, log.audit, metrics);
  // For the small one several times, so that what the runtime itself takes is there already.
  for (let round = 1; round < (entries === sizes[0] ? 10 : 1); round += 1)
    await measure(exports, 'csv', entries);
  for (const format of ['csv', 'jsonl'] as const) measured.push(await measure(exports, format, entries));
  await log.close();
}
const residentOf = (entries: number | undefined): number =>
  Math.max(...measured.filter((each) => each.entries === entries).map(({ resident }) => resident));
report({
  title: 'Exporting the audit log',
  columns: ['Export', 'MB', 'Seconds', 'Entries per second', 'Resident at most, MB'],
  rows: measured.map(({ format, entries, seconds, bytes, resident }) => [
    `${entries} entries, ${format}`,
    megabytes(bytes),
    seconds.toFixed(1),
    Math.round(entries / seconds),
    megabytes(resident),
  ]),
  aims: [
    {
      what: `memory for ${sizes[1]} / memory for ${sizes[0]}`,
      value: residentOf(sizes[1]) / residentOf(sizes[0]),
      atMost: 1.5,
    },
  ],
});
