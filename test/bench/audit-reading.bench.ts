/** A page of each filter at 10 k and at 2 M entries; asked in turns, so that both meet the same machine. */
import type { AuditFilter } from '#contracts';
import { fill, openLog, type OpenLog } from './audit-rows.ts';

const sizes = [10_000, Number(process.env.BENCH_ENTRIES ?? 2_000_000)];
const rounds = 60;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const person = 'c4ca4238-a0b9-2382-0dcc-509a6f75849b';

const filters: Record<string, AuditFilter> = {
  'no filter': {},
  'action, frequent': { action: 'sign_in.succeeded' },
  'action, rare': { action: 'user.deleted' },
  'action, none': { action: 'nothing' },
  'outcome failure': { outcome: 'failure' },
  'outcome success': { outcome: 'success' },
  'actor by id': { actor: person },
  'actor by name': { actor: 'person1700 name200' },
  'actor, beginnings': { actor: 'person17 n' },
  'from, one day': { from: daysAgo(1) },
  'to, one day ago': { to: daysAgo(1) },
  'a day, a day ago': { from: daysAgo(1.6), to: daysAgo(0.6) },
  'search, everywhere': { search: 'authorization' },
  'search, one person': { search: 'person33' },
  'search, one entry': { search: 'w7777' },
  'search, none': { search: 'nothing' },
  'action, failure, day': { action: 'sign_in.failed', outcome: 'failure', from: daysAgo(1) },
  'person, failure': { actor: person, outcome: 'failure' },
};

const p95 = (times: number[]) =>
  times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.95)] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const logs: OpenLog[] = [];
for (const size of sizes) {
  const log = await openLog(2);
  logs.push(log);
  await fill(log, size, { linked: true });
}
console.log(`${'page of'.padEnd(24)}${sizes.map((size) => `p95 at ${size}`.padStart(16)).join('')}  ratio`);
const reads: Record<string, (log: OpenLog) => Promise<unknown>> = Object.fromEntries(
  Object.entries(filters).map(([name, filter]) => [
    name,
    (log) => log.entries.list({ limit: 50, ...filter }),
  ]),
);
reads['of one person'] = (log) => log.entries.ofPerson(person, { limit: 50 });
for (const [name, read] of Object.entries(reads)) {
  const times = logs.map((): number[] => []);
  for (let round = -5; round < rounds; round += 1) {
    for (const [index, log] of logs.entries()) {
      const ms = await timed(() => read(log));
      if (round >= 0) times[index]?.push(ms);
    }
  }
  const [small = 0, large = 0] = times.map(p95);
  console.log(
    `${name.padEnd(24)}${[small, large].map((ms) => `${ms.toFixed(1)} ms`.padStart(16)).join('')}  ${(large / small).toFixed(2)}`,
  );
}
for (const log of logs) await log.close();
