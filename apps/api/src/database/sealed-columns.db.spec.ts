import { afterAll, beforeAll, expect, it } from 'vitest';
import { sealedColumns } from '#auth';
import { openTestDatabase, type OpenTestDatabase } from '../../../../test/support/database.ts';

let test: OpenTestDatabase;
beforeAll(async () => {
  test = await openTestDatabase([]);
});
afterAll(() => test.close());

it('TOK-03: a change of keys reaches every sealed column of the schema', async () => {
  const found = await test.database.rows<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = current_schema() AND data_type = 'bytea' AND column_name LIKE 'sealed%'`,
  );
  expect(new Set(found.map(({ name }) => name))).toEqual(
    new Set(sealedColumns.map(({ table, column }) => `${table}.${column}`)),
  );
});
