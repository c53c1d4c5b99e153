/**
 * A migrated, empty database for one spec file: PGlite behind its socket, so that the code under test speaks `pg` as
 * always; or, with TEST_DATABASE_URL, a new database on that Postgres.
 */
import { randomBytes } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { Client } from 'pg';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { openDataSource } from '../../apps/api/src/database/data-source.ts';
import { migrate } from '../../apps/api/src/database/migrate.ts';
import { withWholePipelines } from '../../apps/local/src/whole-pipelines.ts';
import { Database } from '#platform';

export interface TestDatabase {
  url: string;
  /** 'embedded' or 'postgres': a few tests need several real connections. */
  kind: 'embedded' | 'postgres';
  /** A look from outside, and a change that no screen offers. */
  rows<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export const onPostgres = Boolean(process.env.TEST_DATABASE_URL);

export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  const { url, kind, drop } = server ? await createOnPostgres(server) : await createEmbedded();
  await migrate({ url, ownerUrl: url });
  return { url, kind, rows: (sql, values) => rowsAt(url, sql, values), close: drop };
}

/** In a connection of its own. */
export async function rowsAt<Row>(url: string, sql: string, values?: unknown[]): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client
    .query(sql, values)
    .then(({ rows }) => rows as Row[])
    .finally(() => client.end());
}

/** A database that nothing is in yet, and how to be rid of it. */
interface Created extends Pick<TestDatabase, 'url' | 'kind'> {
  drop(): Promise<void>;
}

async function createEmbedded(): Promise<Created> {
  const pglite = await PGlite.create();
  const server = new PGLiteSocketServer({
    db: withWholePipelines(pglite),
    host: '127.0.0.1',
    port: 0,
    maxConnections: 40,
  });
  await server.start();
  return {
    url: `postgres://postgres@${server.getServerConn()}/postgres`,
    kind: 'embedded',
    async drop() {
      await server.stop();
      await pglite.close();
    },
  };
}

async function createOnPostgres(server: string): Promise<Created> {
  const name = `entrada_${randomBytes(6).toString('hex')}`;
  await asServer(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    kind: 'postgres',
    drop: () => asServer(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** With all rights on that Postgres; outside the database of a spec, unless it is named. */
export const asServer = async (sql: string, url = String(process.env.TEST_DATABASE_URL)): Promise<void> =>
  void (await rowsAt(url, sql));

export interface OpenTestDatabase {
  url: string;
  dataSource: DataSource;
  database: Database;
  close(): Promise<void>;
}

/** For `*.db.spec.ts`: the database with the given entities, opened. */
export async function openTestDatabase(entities: DataSourceOptions['entities']): Promise<OpenTestDatabase> {
  const created = await createTestDatabase();
  const dataSource = await openDataSource({
    url: created.url,
    poolSize: 5,
    entities,
    onPoolError: () => undefined,
  });
  return {
    url: created.url,
    dataSource,
    database: new Database(dataSource),
    async close() {
      await dataSource.destroy();
      await created.close();
    },
  };
}
