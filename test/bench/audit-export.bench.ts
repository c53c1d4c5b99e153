/** Exports of 1 M entries: how fast, and how far the memory of the process grows meanwhile. */
import { Registry } from 'prom-client';
import { finished } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { AuditExport } from '../../libs/audit/src/export/audit-export.ts';
import { AuditMetrics } from '../../libs/audit/src/audit-metrics.ts';
import { fill, openLog } from './audit-rows.ts';

const count = Number(process.env.BENCH_ENTRIES ?? 1_000_000);
const log = await openLog(2);
await fill(log, count, { linked: true });
const exports = new AuditExport(
  log.entries,
  log.sealer,
  log.audit,
  new AuditMetrics(log.database, log.sealer, new Registry()),
);
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

for (const format of ['csv', 'jsonl'] as const) {
  const { stream } = await exports.open({ format });
  const start = performance.now();
  let bytes = 0;
  let tenth = 0;
  let most = 0;
  const drain = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      const { rss } = process.memoryUsage();
      if (bytes < 50e6) tenth = Math.max(tenth, rss);
      else most = Math.max(most, rss);
      done();
    },
  });
  stream.pipe(drain);
  await finished(drain);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${format}: ${megabytes(bytes)} in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} entries per second; resident up to 50 MB of output ${megabytes(tenth)}, after that ${megabytes(most)}`,
  );
}
await log.close();
