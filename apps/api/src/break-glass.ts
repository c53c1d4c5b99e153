/**
 * `npm run break-glass -- --grant-admin <e-mail address or object id>`: makes somebody who has signed in before an
 * active administrator, from the operator's shell, with the API's DATABASE_URL. One sentence, and an entry in the log.
 */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { auditEntities, AuditLog } from '#audit';
import { authEntities, BreakGlass } from '#auth';
import {
  Clock,
  Database,
  EnvironmentError,
  type EnvironmentFault,
  isDatabaseUnavailable,
  platformEnvironment,
  readSlice,
} from '#platform';
import { openDataSource } from './database/data-source.ts';

const usage =
  'Write: npm run break-glass -- --grant-admin <e-mail address or object id of somebody who has signed in before>';

interface Outcome {
  sentence: string;
  isDone: boolean;
}
const refused = (sentence: string): Outcome => ({ sentence, isDone: false });

function readDatabaseUrl(): string {
  const { title, variables } = platformEnvironment;
  const faults: EnvironmentFault[] = [];
  const slice = { title, variables: variables.pick({ DATABASE_URL: true }) };
  const { DATABASE_URL } = readSlice(slice, process.env, faults);
  if (faults.length > 0) throw new EnvironmentError(faults);
  return DATABASE_URL;
}

async function grantAdmin(breakGlass: BreakGlass, who: string): Promise<Outcome> {
  const people = await breakGlass.find(who);
  const [person] = people;
  if (!person) return refused(`Nobody known here is “${who}”. They have to sign in once first.`);
  if (people.length > 1) {
    const list = people.map(({ id, displayName, lastSignInAt }) =>
      ['', id, displayName, `last signed in ${lastSignInAt?.toISOString() ?? 'never'}`].join('  '),
    );
    return refused([`“${who}” means several people. Name one of these by the id:`, ...list].join('\n'));
  }
  const name = `${person.displayName} (${person.email ?? person.objectId})`;
  const isNew = await breakGlass.grantAdmin(person.id, userInfo().username);
  return {
    sentence: isNew ? `${name} is an administrator now.` : `${name} was an administrator already.`,
    isDone: true,
  };
}

async function run(): Promise<Outcome> {
  const { values } = parseArgs({ options: { 'grant-admin': { type: 'string' } } });
  const who = values['grant-admin']?.trim();
  if (!who) return refused(usage);
  const entities = [...auditEntities, ...authEntities];
  const dataSource = await openDataSource({
    url: readDatabaseUrl(),
    poolSize: 1,
    entities,
    onPoolError: () => undefined,
  });
  try {
    const database = new Database(dataSource);
    const clock = new Clock();
    return await grantAdmin(new BreakGlass(database, clock, new AuditLog(database, clock)), who);
  } finally {
    await dataSource.destroy();
  }
}

const explain = (error: unknown): string => {
  const { code, message } = error as { code?: string; message: string };
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n${usage}`;
  if (error instanceof EnvironmentError) return message;
  if (isDatabaseUnavailable(error))
    return 'The database cannot be reached. Check DATABASE_URL and that Postgres runs.';
  return `It did not work: ${message}`;
};

const { sentence, isDone } = await run().catch((error: unknown) => refused(explain(error)));
(isDone ? process.stdout : process.stderr).write(`${sentence}\n`);
process.exitCode = isDone ? 0 : 1;
