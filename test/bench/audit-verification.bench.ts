/** How fast a log is sealed and verified. */
import { Verification } from '#audit';
import { fill, openLog } from './audit-rows.ts';

const count = Number(process.env.BENCH_ENTRIES ?? 300_000);
const log = await openLog(4);
await fill(log, count, { linked: false });
const perSecond = (start: number) =>
  `${Math.round(count / ((performance.now() - start) / 1000))} entries per second`;

const sealing = performance.now();
await log.sealer.sealNow();
console.log(`sealed ${count}: ${perSecond(sealing)}`);
await log.slowly('VACUUM ANALYZE audit_chain');
for (let round = 1; round <= 3; round += 1) {
  const start = performance.now();
  const result = await new Verification(log.database).verify();
  console.log(`verified ${JSON.stringify(result)}: ${perSecond(start)}`);
}
await log.close();
