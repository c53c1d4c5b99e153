/** A page of each filter, with its count, at 10 k and at 2 M entries. */
import type { AuditFilter } from '#contracts';
import { fill, openLog, type OpenLog } from './audit-rows.ts';
import { report } from './bench.ts';
import { p95InTurns } from './in-turns.ts';

const sizes = [10_000, Number(process.env.BENCH_ENTRIES ?? 2_000_000)];
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const person = 'c4ca4238-a0b9-2382-0dcc-509a6f75849b';

const filters: Record<string, AuditFilter> = {
  none: {},
  'an action: frequent': { action: 'sign_in.succeeded' },
  'an action: rare': { action: 'user.deleted' },
  'an action: none': { action: 'nothing' },
  failures: { outcome: 'failure' },
  successes: { outcome: 'success' },
  'successes of what always fails': { action: 'sign_in.failed', outcome: 'success' },
  'somebody, by id': { actor: person },
  'somebody, by name': { actor: 'person1700 name200' },
  'a beginning of 5 % of all names': { actor: 'person17' },
  'the same and a second, shorter one': { actor: 'person17 n' },
  'a beginning of 0.5 % of all names': { actor: 'person171' },
  'somebody’s failures': { actor: person, outcome: 'failure' },
  'somebody’s sign-ins': { actor: person, action: 'sign_in.succeeded' },
  'since a day': { from: daysAgo(1) },
  'until a day ago': { to: daysAgo(1) },
  'a day': { from: daysAgo(1.6), to: daysAgo(0.6) },
  'an action, failures, since a day': { action: 'sign_in.failed', outcome: 'failure', from: daysAgo(1) },
  'a word in every entry': { search: 'authorization' },
  'a word in one of 2000': { search: 'person33' },
  'a word in one entry': { search: 'w7777' },
  'a word in none': { search: 'nothing' },
  'an address of somebody': { search: 'person33@contoso.com' },
  'the beginning of an address': { search: 'person33@cont' },
  'an address, failures': { search: 'person33@contoso.com', outcome: 'failure' },
  'a frequent word, a rare action': { search: 'authorization', action: 'user.deleted' },
  'three words, the rare one last': { search: 'mozilla contoso w7777' },
};
const reads: Record<string, (log: OpenLog) => Promise<unknown>> = Object.fromEntries(
  Object.entries(filters).map(([name, filter]) => [
    name,
    (log) => log.entries.list({ limit: 50, ...filter }),
  ]),
);
const ofPerson = (filter: AuditFilter) => (log: OpenLog) =>
  log.entries.ofPerson(person, { limit: 50, ...filter });
reads['what somebody did, or is about them'] = ofPerson({});
reads['the failures among these'] = ofPerson({ outcome: 'failure' });

const logs: OpenLog[] = [];
for (const size of sizes) {
  const log = await openLog(2);
  logs.push(log);
  await fill(log, size, { linked: true });
}
const measured: { name: string; p95s: number[]; ratio: number }[] = [];
for (const [name, read] of Object.entries(reads)) {
  const p95s = await p95InTurns(logs, read);
  const [small = Number.NaN, large = Number.NaN] = p95s;
  measured.push({ name, p95s, ratio: large / small });
}
for (const log of logs) await log.close();
report({
  title: 'A page of 50 of the audit log, with its count',
  columns: ['Filter', ...sizes.map((size) => `p95 at ${size}, ms`), 'Ratio'],
  rows: measured.map(({ name, p95s, ratio }) => [name, ...p95s.map((ms) => ms.toFixed(1)), ratio.toFixed(2)]),
  aims: measured.map(({ name, ratio }) => ({ what: name, value: ratio, atMost: 2 })),
});
