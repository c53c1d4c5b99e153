import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from './migrations/index.ts';
import { TimedClient } from './timed-client.ts';

/** How long a statement may run, and how long a caller waits for a connection, before the request is a 503. */
export const databaseTimes = {
  /** Told to Postgres, which ends the statement and keeps the connection; DATABASE_STATEMENT_SECS changes it. */
  statementMs: 15_000,
  /** That much later an answer does not come at all, and the connection is given up. */
  lateMs: 2_000,
  connectMs: 5_000,
} as const;

/** Connections besides the general pool, open from the start and as long as the process lives. */
export const reservedConnections = { administration: 2, readiness: 1 } as const;

export interface DataSourceSettings {
  url: string;
  poolSize: number;
  statementMs?: number;
  entities: DataSourceOptions['entities'];
  onPoolError(error: unknown): void;
  /** Kept open when idle: where all of a server's connections are taken there would be none to open. */
  isReserved?: boolean;
  /** For migrations, which take as long as they take but wait for no lock for longer than that. */
  lockMs?: number;
}

export const dataSourceOptions = ({
  url,
  poolSize,
  entities,
  onPoolError,
  isReserved = false,
  statementMs = databaseTimes.statementMs,
  lockMs,
}: DataSourceSettings): DataSourceOptions => ({
  type: 'postgres',
  url,
  entities,
  migrations,
  // Nothing needs one, and who may not create them would be refused aloud at each start.
  installExtensions: false,
  migrationsTransactionMode: 'each',
  poolSize,
  // An idle connection that breaks emits an error; unheard, it would end the process.
  poolErrorHandler: onPoolError,
  applicationName: 'entrada',
  extra: {
    Client: TimedClient,
    connectionTimeoutMillis: databaseTimes.connectMs,
    keepAlive: true,
    ...(isReserved ? { idleTimeoutMillis: 0 } : {}),
    ...(lockMs === undefined
      ? { statement_timeout: statementMs, query_timeout: statementMs + databaseTimes.lateMs }
      : { lock_timeout: lockMs }),
  },
});

export const openDataSource = (settings: DataSourceSettings): Promise<DataSource> =>
  new DataSource(dataSourceOptions(settings)).initialize();

/** Opens all connections of its pool, as far as the server has any: a pool by itself opens the next when it is needed. */
export async function openConnections(dataSource: DataSource, count: number): Promise<void> {
  const runners = Array.from({ length: count }, () => dataSource.createQueryRunner());
  await Promise.allSettled(runners.map((runner) => runner.connect()));
  await Promise.all(runners.map((runner) => runner.release()));
}
