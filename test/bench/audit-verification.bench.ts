/** How fast a log is sealed, and verified; the aim is a wall time, for a machine of two cores that does nothing else. */
import { Verification } from '#audit';
import { fill, openLog } from './audit-rows.ts';
import { median, milliseconds, report } from './bench.ts';

const count = Number(process.env.BENCH_ENTRIES ?? 200_000);
const rounds = 5;
const log = await openLog(4);
await fill(log, count, { linked: false });
const perSecond = (ms: number) => Math.round(count / (ms / 1000));

const sealing = await milliseconds(() => log.sealer.sealNow());
await log.slowly('VACUUM ANALYZE audit_chain');
const times: number[] = [];
for (let round = 0; round < rounds; round += 1)
  times.push(
    await milliseconds(async () => {
      const { valid, checked } = await new Verification(log.database).verify();
      if (!valid || checked !== count)
        throw new Error(`${checked} of ${count} were checked, valid: ${valid}`);
    }),
  );
await log.close();
report({
  title: 'Sealing and verifying the audit log',
  columns: [`${count} entries`, 'Entries per second'],
  rows: [
    ['sealed', perSecond(sealing)],
    [`verified, the median of ${rounds}`, perSecond(median(times))],
    ['verified, the quickest', perSecond(Math.min(...times))],
  ],
  aims: [{ what: 'entries verified per second', value: perSecond(Math.min(...times)), atLeast: 100_000 }],
});
