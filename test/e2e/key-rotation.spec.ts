import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GraphProfileAnswer } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let database: Client;
beforeAll(async () => {
  stack = await startStack();
  database = new Client({ connectionString: stack.database.url });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await stack.stop();
});

const newKey = `new:${randomBytes(32).toString('base64')}`;
const reencrypt = (ENCRYPTION_KEYS: string) =>
  promisify(execFile)(process.execPath, ['dist/apps/api/commands/reencrypt.js'], {
    env: { PATH: process.env.PATH, DATABASE_URL: stack.database.url, ENCRYPTION_KEYS },
  }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      said: stdout + stderr,
    }),
  );

it('TOK-03, F23: a key is replaced while people work, and nobody is signed out', async () => {
  const oldKey = stack.env.ENCRYPTION_KEYS!;
  const uma = stack.visitor();
  await uma.signIn(stack.azure, 'uma');
  const { body: script } = await uma.post<{ accessToken: string }>('/api/auth/token');
  const authorization = `Bearer ${script.accessToken}`;

  // Too early: the API still seals with the old key.
  expect((await reencrypt(newKey)).code).toBe(1);
  expect((await reencrypt(newKey)).said).toMatch(/sealed with a key that is not in ENCRYPTION_KEYS/);

  await stack.restartApi('SIGTERM', { ENCRYPTION_KEYS: `${newKey},${oldKey}` });
  const { code, said } = await reencrypt(`${newKey},${oldKey}`);
  expect(said).toMatch(/token_caches: 1 sealed anew/);
  expect(said).toMatch(/signing_keys: 1 sealed anew/);
  expect(said).toMatch(/“test” may be removed from ENCRYPTION_KEYS/);
  expect(code).toBe(0);
  const { rows } = await database.query<{ details: object }>(
    `SELECT details FROM audit_entries WHERE action = 'encryption_keys.rotated'`,
  );
  expect(rows.map(({ details }) => details)).toMatchObject([{ to: 'new', from: ['test'], left: 0 }]);
  expect(await reencrypt(`${newKey},${oldKey}`)).toMatchObject({ code: 0 });
  expect(
    (await database.query(`SELECT 1 FROM audit_entries WHERE action = 'encryption_keys.rotated'`)).rowCount,
  ).toBe(1);

  await stack.restartApi('SIGTERM', { ENCRYPTION_KEYS: newKey });
  expect((await uma.get<GraphProfileAnswer>('/api/graph/me')).body.tokenSource).toBe('cache');
  expect((await uma.post('/api/auth/refresh')).status).toBe(200);
  expect((await stack.visitor().get('/api/auth/me', { authorization })).status).toBe(200);
});
