/**
 * `npm run reencrypt`: after a new key was put first in ENCRYPTION_KEYS and every API process was restarted with it, seals
 * with it what the older ones have sealed, beside the running API, and says which of them may go. Needs DATABASE_URL and
 * ENCRYPTION_KEYS.
 */
import { userInfo } from 'node:os';
import { auditEntities, AuditLog } from '#audit';
import { sealedColumns } from '#auth';
import {
  Clock,
  Database,
  EnvironmentError,
  type EnvironmentFault,
  isDatabaseUnavailable,
  platformEnvironment,
  readSlice,
  Reencryption,
  Sealer,
  type TableProgress,
} from '#platform';
import { openDataSource } from '../database/data-source.ts';

function readEnvironment() {
  const { title, variables } = platformEnvironment;
  const faults: EnvironmentFault[] = [];
  const slice = { title, variables: variables.pick({ DATABASE_URL: true, ENCRYPTION_KEYS: true }) };
  const values = readSlice(slice, process.env, faults);
  if (faults.length > 0) throw new EnvironmentError(faults);
  return values;
}

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);
const quoted = (ids: readonly string[]): string => ids.map((id) => `“${id}”`).join(', ');

const told = ({ table, resealed, unreadable }: TableProgress): string =>
  `${table}: ${resealed} sealed anew${unreadable > 0 ? `, ${unreadable} that no key opens` : ''}`;

/** What may be done now, and whether that is all. */
function verdict([current = '', ...older]: string[], counts: ReadonlyMap<string, number>) {
  const stuck = older.filter((id) => (counts.get(id) ?? 0) > 0);
  const free = older.filter((id) => !stuck.includes(id));
  const unknown = counts.get('') ?? 0;
  return {
    isDone: stuck.length === 0 && unknown === 0,
    sentences: [
      ...(free.length > 0
        ? [`${quoted(free)} may be removed from ENCRYPTION_KEYS: nothing is sealed with it any more.`]
        : []),
      ...(stuck.length > 0
        ? [
            `${quoted(stuck)} must stay: ${stuck.map((id) => counts.get(id)).join(', ')} values still need it. If an API process has not been restarted with “${current}” first yet, restart it; then run this again.`,
          ]
        : []),
      ...(unknown > 0
        ? [
            `${unknown} values are sealed with a key that is not in ENCRYPTION_KEYS. Add that key and run this again; without it, those people have to sign in again.`,
          ]
        : []),
      ...(older.length === 0 ? [`There is only “${current}”: put the new key before it to change it.`] : []),
    ],
  };
}

async function run(): Promise<boolean> {
  const { DATABASE_URL: url, ENCRYPTION_KEYS: keys } = readEnvironment();
  const dataSource = await openDataSource({
    url,
    poolSize: 1,
    entities: auditEntities,
    onPoolError: () => undefined,
  });
  try {
    const database = new Database(dataSource);
    const sealer = new Sealer(keys);
    const reencryption = new Reencryption(database, sealer, sealedColumns);
    const before = await reencryption.countByKey();
    const tables = await reencryption.run((soFar) => say(told(soFar)));
    const after = await reencryption.countByKey();
    const [to, ...older] = sealer.keyIds;
    if (tables.some(({ resealed }) => resealed > 0))
      await new AuditLog(database, new Clock()).record({
        action: 'encryption_keys.rotated',
        details: {
          by: 'reencrypt',
          osUser: userInfo().username,
          to,
          from: older.filter((id) => (before.get(id) ?? 0) > 0),
          resealed: Object.fromEntries(tables.map(({ table, resealed }) => [table, resealed])),
          left: older.reduce((sum, id) => sum + (after.get(id) ?? 0), after.get('') ?? 0),
        },
      });
    const { isDone, sentences } = verdict(sealer.keyIds, after);
    sentences.forEach(say);
    return isDone;
  } finally {
    await dataSource.destroy();
  }
}

const explain = (error: unknown): string => {
  if (error instanceof EnvironmentError) return error.message;
  if (isDatabaseUnavailable(error))
    return 'The database cannot be reached. Check DATABASE_URL and that Postgres runs; then run this again, it goes on where it stopped.';
  return `It did not work: ${(error as Error).message}`;
};

process.exitCode = await run().then(
  (isDone) => (isDone ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  },
);
