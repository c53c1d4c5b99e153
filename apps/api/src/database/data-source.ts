import type { EventEmitter } from 'node:events';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from './migrations/index.ts';

/** How long a statement may run, and how long a caller waits for a connection, before the request is a 503. */
const statementTimeoutMs = 15_000;
const connectTimeoutMs = 5_000;

export interface DataSourceSettings {
  url: string;
  poolSize: number;
  entities: DataSourceOptions['entities'];
  onPoolError(error: unknown): void;
}

export const dataSourceOptions = ({
  url,
  poolSize,
  entities,
  onPoolError,
}: DataSourceSettings): DataSourceOptions => ({
  type: 'postgres',
  url,
  entities,
  migrations,
  migrationsTransactionMode: 'each',
  poolSize,
  // An idle connection that breaks emits an error; unheard, it would end the process.
  poolErrorHandler: onPoolError,
  applicationName: 'entrada',
  extra: {
    query_timeout: statementTimeoutMs,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    // Between the pool, which lets go of a connection, and TypeORM, which takes hold of it, nobody listens: one that Postgres
    // ends in the moment in which it stands would end the process.
    onConnect: (client: EventEmitter) => void client.on('error', () => undefined),
  },
});

export const openDataSource = (settings: DataSourceSettings): Promise<DataSource> =>
  new DataSource(dataSourceOptions(settings)).initialize();
