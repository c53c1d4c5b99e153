import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts';
import { startProxy, type TcpProxy, through } from '../../../../test/support/tcp-proxy.ts';
import { openDataSource } from './data-source.ts';

describe('F2: a connection whose answer is late', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let dataSource: DataSource;
  beforeEach(async () => {
    database = await createTestDatabase();
    const { hostname, port } = new URL(database.url);
    proxy = await startProxy({ host: hostname, port: Number(port) });
    dataSource = await openDataSource({
      url: through(proxy, database.url),
      poolSize: 1,
      statementMs: 200,
      entities: [],
      onPoolError: () => undefined,
    });
  });
  afterEach(async () => {
    await dataSource.destroy();
    await proxy.stop();
    await database.close();
  });

  it('is given up with its transaction: whoever comes next has another, and commits nothing of it', async () => {
    const late = dataSource.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO leases (name, holder, until) VALUES ('late', gen_random_uuid(), now())`,
      );
      proxy.isStalled = true;
      await manager.query('SELECT 1');
    });
    await expect(late).rejects.toThrow(/Query read timeout/);
    proxy.isStalled = false;

    await dataSource.transaction((manager) =>
      manager.query(`INSERT INTO leases (name, holder, until) VALUES ('next', gen_random_uuid(), now())`),
    );
    expect(await dataSource.query('SELECT name FROM leases')).toEqual([{ name: 'next' }]);
  });
});
