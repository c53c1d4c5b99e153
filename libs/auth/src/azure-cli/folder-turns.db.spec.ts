import { afterAll, beforeAll, expect, it } from 'vitest';
import { Leases } from '#platform';
import { FakeClock } from '#platform/testing';
import { type OpenTestDatabase, openTestDatabase } from '../../../../test/support/database.ts';
import { FolderTurns } from './folder-turns.ts';

let database: OpenTestDatabase;
beforeAll(async () => void (database = await openTestDatabase([])));
afterAll(() => database.close());

const clock = new FakeClock();
/** As each process of the API has them. */
function processOf(patienceMs = 20_000): FolderTurns {
  const turns = new FolderTurns(new Leases(database.database, clock));
  Object.assign(turns.times, { lookEveryMs: 10, patienceMs });
  return turns;
}
const never = new Promise<never>(() => undefined);

it('lets one `az` at a time into a folder, of whatever process, and forgets the lease afterwards', async () => {
  const [one, other] = [processOf(), processOf()];
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, (inside += 1));
    await new Promise((resolve) => setTimeout(resolve, 15));
    inside -= 1;
  };
  await Promise.all([one, other, one, other].map((turns) => turns.take('/data/users/uma', work)));
  expect(most).toBe(1);
  expect(await database.database.rows(`SELECT name FROM leases WHERE name LIKE 'azure-cli%'`)).toEqual([]);
});

it('folders do not wait for each other, and a failure holds nobody up', async () => {
  const [one, other] = [processOf(), processOf()];
  void one.take('/data/users/grace', () => never);
  await expect(one.take('/data/users/uma', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(other.take('/data/users/uma', () => Promise.resolve('done'))).resolves.toBe('done');
});

it('waits as long as an `az` may take, then says so; a process that was killed is succeeded', async () => {
  void processOf().take('/data/users/bob', () => never);
  await expect
    .poll(() => database.database.rows(`SELECT 1 FROM leases WHERE name = 'azure-cli bob'`))
    .toHaveLength(1);
  const impatient = processOf(50).take('/data/users/bob', () => Promise.resolve());
  await expect(impatient).rejects.toMatchObject({ name: 'CliFailure', reason: 'timeout' });
  clock.advanceSeconds(76);
  await expect(processOf().take('/data/users/bob', () => Promise.resolve('done'))).resolves.toBe('done');
});
