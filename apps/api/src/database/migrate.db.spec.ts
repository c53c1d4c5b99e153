import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, onPostgres, type TestDatabase } from '../../../../test/support/database.ts';
import { migrate, missingMigrationsAt } from './migrate.ts';
import { migrations } from './migrations/index.ts';

const role = 'entrada "app"';

async function withClient<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

describe('migrate', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  it('F28: has nothing to do the second time, also when several processes start at once', async () => {
    const address = { url: database.url, ownerUrl: database.url };
    expect(await Promise.all([migrate(address), migrate(address)])).toEqual([[], []]);
  });

  // PGlite has one user only.
  it.skipIf(!onPostgres)(
    'LOG-03: the API’s own role adds to the audit log and cannot change it',
    async () => {
      const url = new URL(database.url);
      await withClient(url.href, (owner) =>
        owner.query(`CREATE ROLE ${JSON.stringify(role).replaceAll('\\"', '""')} LOGIN PASSWORD 'x'`),
      );
      url.username = encodeURIComponent(role);
      url.password = 'x';
      // As after a restore, before anything is granted.
      expect(await missingMigrationsAt(url.href)).toHaveLength(migrations.length);
      await migrate({ url: url.href, ownerUrl: database.url });
      expect(await missingMigrationsAt(url.href)).toEqual([]);
      await withClient(url.href, async (api) => {
        const add = `INSERT INTO audit_entries (occurred_at, action, outcome) VALUES (now(), 'signed_out', 'success')`;
        await api.query(add);
        expect((await api.query('SELECT count(*)::int AS n FROM audit_entries')).rows).toEqual([{ n: 1 }]);
        for (const change of [
          'UPDATE audit_entries SET action = $$x$$',
          'DELETE FROM audit_entries',
          'TRUNCATE audit_entries',
          'DROP TABLE users',
          'DELETE FROM audit_chain',
          'DELETE FROM audit_unsealed',
          `INSERT INTO audit_chain SELECT sequence + 1, entry, hash, occurred_at, latest_at, action, outcome, actor_id, subject, search FROM audit_chain`,
          `INSERT INTO audit_dropped_ranges VALUES (1, 1, 1, '', now(), 'x', '')`,
          'UPDATE audit_policy SET retention_days = 1',
          'ALTER TABLE audit_entries DISABLE TRIGGER ALL',
        ]) {
          await expect(api.query(change)).rejects.toThrow(/permission denied|must be owner/);
        }
        expect((await api.query('SELECT sealed FROM seal_audit_entries(10)')).rows).toEqual([{ sealed: 1 }]);
        expect((await api.query('SELECT * FROM drop_expired_audit_entries(10)')).rows).toEqual([]);
        await api.query('SELECT 1 FROM users');
      });
      await withClient(database.url, async (owner) => {
        await owner.query(`DROP OWNED BY ${JSON.stringify(role).replaceAll('\\"', '""')}`);
        await owner.query(`DROP ROLE ${JSON.stringify(role).replaceAll('\\"', '""')}`);
      });
    },
  );
});
