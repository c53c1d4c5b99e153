/** What the commands for an operator's shell share: the API's DATABASE_URL, one answer, an exit code. */
import { auditEntities } from '#audit';
import { authEntities } from '#auth';
import {
  Database,
  EnvironmentError,
  type EnvironmentFault,
  isDatabaseUnavailable,
  platformEnvironment,
  readSlice,
} from '#platform';
import { openDataSource } from '../database/data-source.ts';

export interface Outcome {
  sentence: string;
  isDone: boolean;
}
export const done = (sentence: string): Outcome => ({ sentence, isDone: true });
export const refused = (sentence: string): Outcome => ({ sentence, isDone: false });

function readDatabaseUrl(): string {
  const { title, variables } = platformEnvironment;
  const faults: EnvironmentFault[] = [];
  const slice = { title, variables: variables.pick({ DATABASE_URL: true }) };
  const { DATABASE_URL } = readSlice(slice, process.env, faults);
  if (faults.length > 0) throw new EnvironmentError(faults);
  return DATABASE_URL;
}

export async function withDatabase(work: (database: Database) => Promise<Outcome>): Promise<Outcome> {
  const dataSource = await openDataSource({
    url: readDatabaseUrl(),
    poolSize: 2,
    entities: [...auditEntities, ...authEntities],
    onPoolError: () => undefined,
  });
  return work(new Database(dataSource)).finally(() => dataSource.destroy());
}

const explain = (error: unknown, usage: string): string => {
  const { code, message } = error as { code?: string; message: string };
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n${usage}`;
  if (error instanceof EnvironmentError) return message;
  if (isDatabaseUnavailable(error))
    return 'The database cannot be reached. Check DATABASE_URL and that Postgres runs.';
  return `It did not work: ${message}`;
};

/** Ends with exit code 0 and the sentence on standard output, or 1 and standard error. */
export async function runCommand(usage: string, work: () => Promise<Outcome>): Promise<void> {
  const { sentence, isDone } = await work().catch((error: unknown) => refused(explain(error, usage)));
  (isDone ? process.stdout : process.stderr).write(`${sentence}\n`);
  process.exitCode = isDone ? 0 : 1;
}
