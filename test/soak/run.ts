/**
 * `npm run soak [-- --seed 1 --minutes 15 --people 12 --processes 3]`, after a build: people at work on an installation
 * whose parts fail by a plan that the seed determines. Exit code 1 when anything that must hold did not.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasNginx } from '../support/nginx.ts';
import { noRedis } from '../support/redis.ts';
import { describePlan, planOf } from './plan.ts';
import { hasPostgres } from './postgres.ts';
import { keep, reportOf } from './report.ts';
import { soak } from './soak.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    minutes: { type: 'string', default: '15' },
    people: { type: 'string', default: '12' },
    processes: { type: 'string', default: '3' },
  },
});
const seed = Number(values.seed);
const seconds = Number(values.minutes) * 60;

if (noRedis || !hasNginx || !hasPostgres) {
  console.error('A soak needs nginx, redis-server and Postgres on this machine.');
  process.exit(1);
}
console.log(`Seed ${seed}, ${values.minutes} minutes\n\n${describePlan(planOf(seed, seconds))}\n`);
const result = await soak({
  seed,
  seconds,
  people: Number(values.people),
  processes: Number(values.processes),
  browsersEach: 2,
});
console.log(reportOf(result));
if (result.breaches.length > 0) {
  const folder = join(tmpdir(), `entrada-soak-${seed}-kept`);
  keep(result, folder);
  console.log(`\nWhat was seen lies in ${folder}. The same faults again: npm run soak -- --seed ${seed}`);
}
process.exit(result.breaches.length > 0 ? 1 : 0);
