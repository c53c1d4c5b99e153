import { Pool, type PoolClient } from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { dataSourceOptions, openConnections, openDataSource } from './data-source.ts';

it('F1: a connection is never without somebody who hears its end, also not while it is handed over', async () => {
  const database = await createTestDatabase();
  const settings = { url: database.url, poolSize: 1, entities: [], onPoolError: () => undefined };
  const pool = new Pool({ connectionString: database.url, ...(dataSourceOptions(settings).extra as object) });
  const handedOver = await new Promise<{ client: PoolClient; listeners: number }>((resolve, reject) =>
    pool.connect((error, client) =>
      client ? resolve({ client, listeners: client.listenerCount('error') }) : reject(error!),
    ),
  );
  handedOver.client.release();
  await pool.end();
  await database.close();
  expect(handedOver.listeners).toBeGreaterThan(0);
});

it('F3: reserved connections are all there before they are needed', async () => {
  const database = await createTestDatabase();
  const settings = { url: database.url, poolSize: 3, entities: [], onPoolError: () => undefined };
  const dataSource = await openDataSource({ ...settings, isReserved: true });
  await openConnections(dataSource, 3);
  const { totalCount, idleCount } = (dataSource.driver as unknown as { master: Pool }).master;
  expect({ totalCount, idleCount }).toEqual({ totalCount: 3, idleCount: 3 });
  await dataSource.destroy();
  await database.close();
});
