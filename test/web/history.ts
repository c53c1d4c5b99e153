/** Weeks of an installation's life, written straight into its database: charts of one day show nothing. */
import { Client } from 'pg';
import type { Stack } from '../support/stack.ts';

/** Runs statements as the owner of the database. */
export async function inDatabase(stack: Stack, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: stack.database.url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The same in every run: numbers that go up and down with the day, none of them by chance. */
export const writeHistory = (stack: Stack): Promise<void> =>
  inDatabase(
    stack,
    `INSERT INTO users (tenant_id, object_id, display_name, email, created_at, updated_at)
     SELECT gen_random_uuid(), gen_random_uuid(), (ARRAY['Mara Lindholm', 'Tomasz Zieliński', 'Ines Carvalho', 'Olu Adeyemi'])[n],
       'person' || n || '@contoso.com', now(), now() FROM generate_series(1, 4) n`,
    `INSERT INTO audit_entries (occurred_at, action, outcome, details)
     SELECT now() - make_interval(days => day), 'sign_in.succeeded', 'success',
       jsonb_build_object('method', (ARRAY['authorization_code', 'device_code', 'azure_cli', 'api_bearer'])[1 + (n % 7) % 4])
     FROM generate_series(1, 40) day, generate_series(1, 30) n WHERE n <= 6 + (day * 7) % 23`,
    `INSERT INTO audit_entries (occurred_at, action, outcome, details)
     SELECT now() - make_interval(days => day), (ARRAY['sign_in.failed', 'access.denied', 'sign_in.failed'])[1 + n % 3], 'failure',
       jsonb_build_object('code', (ARRAY['no_role', 'forbidden', 'sign_in_declined'])[1 + n % 3])
     FROM generate_series(1, 40) day, generate_series(1, 5) n WHERE n <= day % 4`,
    `INSERT INTO usage_days
     SELECT id, (now() AT TIME ZONE 'UTC')::date - day, 'gpt-4.1', 900 * place * (1 + (day * 5) % 9), 300 * place * (1 + (day * 5) % 7), 12
     FROM (SELECT id, row_number() OVER (ORDER BY email) AS place FROM users) people, generate_series(0, 40) day`,
  );
