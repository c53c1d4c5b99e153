import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeviceAttempt, Problem } from '#contracts';
import { hasAzureCli, namesIn, processesOf } from '../support/azure-cli.ts';
import { attemptPath, complete, statusOf } from '../support/device.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

// A call of the Azure CLI takes a second of a whole processor.
vi.setConfig({ testTimeout: 180_000 });

describe.skipIf(!hasAzureCli)('sign-in with the real Azure CLI', () => {
  let stack: Stack;
  let database: Client;
  let folder: string;
  beforeAll(async () => {
    stack = await startStack({ AUTH_METHODS: 'authorization_code,azure_cli' }, { isDirect: true });
    folder = stack.env.AZURE_CONFIG_BASE_DIR!;
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
  });
  // The Azure CLI takes whole seconds only.
  beforeEach(() => stack.azure.set({ device: { interval: 1 } }));
  afterEach(() => stack.azure.reset());

  const processes = (path = folder) => processesOf(path, stack.api.process.pid!);
  const untilNothingRuns = (path: string) =>
    expect.poll(() => processes(path), { timeout: 20_000, interval: 100 }).toEqual([]);
  const until = (visitor: Visitor, attempt: DeviceAttempt, status: string) =>
    expect
      .poll(() => statusOf(visitor, attempt), { timeout: 60_000, interval: 100 })
      .toMatchObject({ status });
  async function begin() {
    const visitor = stack.visitor();
    return { visitor, attempt: await visitor.beginDevice({ method: 'azure_cli' }) };
  }
  async function signIn(person: string): Promise<Visitor & { id: string }> {
    const { visitor, attempt } = await begin();
    await stack.azure.answerDeviceCode(attempt.userCode, person);
    await until(visitor, attempt, 'approved');
    const { status, body } = await complete(visitor, attempt);
    expect({ status, code: body.code }).toEqual({ status: 200, code: undefined });
    visitor.csrfToken = body.csrfToken;
    return Object.assign(visitor, { id: body.user.id });
  }
  const say = (visitor: Visitor, message: string) => visitor.post<Problem>('/api/chat/message', { message });

  it('gives identity, roles through nested groups, and the token with which the person chats', async () => {
    const { visitor, attempt } = await begin();
    expect(attempt.verificationUri).toBe(`${stack.azure.url}/devicelogin`);
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_pending');
    await stack.azure.answerDeviceCode(attempt.userCode, 'ulrich');
    await until(visitor, attempt, 'approved');
    const { body } = await complete(visitor, attempt);
    expect(body).toMatchObject({
      user: { displayName: 'Ulrich Brandt', roles: ['user'] },
      session: { method: 'azure_cli' },
      azureToken: { status: 'fresh' },
    });
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_expired');
    visitor.csrfToken = body.csrfToken;

    const users = join(folder, 'users');
    const modes = await Promise.all(
      [folder, users, join(users, body.user.id)].map(async (path) => (await stat(path)).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o700, 0o700]);
    expect(await namesIn(folder, 'pending')).toEqual([]);

    expect((await say(visitor, 'Hello')).status).toBe(200);
    expect(await stack.azure.calls('openai')).toMatchObject([{ person: 'ulrich', status: 200 }]);
    await untilNothingRuns(folder);
  });

  it('refreshes: each person’s token from their own folder, at the same time', async () => {
    // Two at once, from the first step to the last.
    const people = ['uma', 'grace'];
    const visitors = await Promise.all(people.map(signIn));
    const before = await Promise.all(visitors.map((visitor) => visitor.readSession()));
    expect(before.map((session) => session?.user.displayName)).toEqual(['Uma Patel', 'Grace Okafor']);
    await Promise.all(
      visitors.map(async (visitor) =>
        expect((await visitor.post('/api/auth/refresh')).body).toMatchObject({
          azureToken: { status: 'fresh' },
        }),
      ),
    );
    await Promise.all(visitors.map((visitor) => say(visitor, 'Hello')));
    const answered = await stack.azure.calls('openai');
    expect(answered.map(({ person, status }) => [person, status]).toSorted()).toEqual([
      ['grace', 200],
      ['uma', 200],
    ]);
    for (const person of people) {
      const renewals = (await stack.azure.calls('token', { person, grant: 'refresh_token' })).filter(
        ({ audience }) => audience === 'https://cognitiveservices.azure.com',
      );
      // The first at sign-in, the second when it was asked for; the message went with the second.
      expect(renewals).toHaveLength(2);
      expect(answered.find((call) => call.person === person)?.tokenId).toBe(renewals[1]?.tokenId);
    }
  });

  it('DEV-04: declined, it says so, and leaves no folder', async () => {
    const { visitor, attempt } = await begin();
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma', 'decline');
    await until(visitor, attempt, 'declined');
    expect(await statusOf(visitor, attempt)).toEqual({ status: 'declined', code: 'sign_in_cancelled' });
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_cancelled');
    expect(await namesIn(folder, 'pending')).toEqual([]);
  });

  it('cancelled, nothing of it runs on', async () => {
    const { visitor, attempt } = await begin();
    const own = join(folder, 'pending', attempt.attemptId);
    expect((await processes(own)).length).toBeGreaterThan(0);
    expect((await visitor.delete(attemptPath(attempt))).status).toBe(204);
    await untilNothingRuns(own);
    await expect.poll(() => namesIn(folder, 'pending')).toEqual([]);
  });

  it('wiped by an administrator, the folder and the sealed tokens are gone, the session asks to sign in again', async () => {
    const gustav = await signIn('gustav');
    const adele = stack.visitor();
    await adele.signIn(stack.azure, 'adele');
    const wipe = (visitor: Visitor) => visitor.delete(`/api/admin/users/${gustav.id}/azure-token`);
    expect((await wipe(gustav)).status).toBe(403);
    expect(await namesIn(folder, 'users')).toContain(gustav.id);
    expect((await wipe(adele)).status).toBe(204);
    expect(await namesIn(folder, 'users')).not.toContain(gustav.id);
    expect(await gustav.readSession()).toMatchObject({ azureToken: { status: 'none', expiresAt: null } });
    expect((await say(gustav, 'Hello')).body).toMatchObject({
      message: { status: 'failed', error: { code: 'reauthentication_required' } },
    });
    const { rows } = await database.query(
      `SELECT actor_email, resource_id FROM audit_entries WHERE action = 'azure_token.wiped'`,
    );
    expect(rows).toEqual([{ actor_email: 'adele.vance@contoso.com', resource_id: gustav.id }]);
  });

  it('signing out keeps the folder, lets nobody in with it, and the next sign-in replaces it', async () => {
    const rhea = await signIn('rhea');
    const own = join(folder, 'users', rhea.id);
    const first = (await stat(own)).ino;
    await rhea.post('/api/auth/logout');
    expect((await stat(own)).ino).toBe(first);
    const { rows } = await database.query('SELECT 1 FROM token_caches WHERE user_id = $1', [rhea.id]);
    expect(rows).toEqual([]);
    const { visitor, attempt } = await begin();
    expect((await visitor.get('/api/auth/session')).status).toBe(401);
    await stack.azure.answerDeviceCode(attempt.userCode, 'rhea');
    await until(visitor, attempt, 'approved');
    expect((await complete(visitor, attempt)).body.user.id).toBe(rhea.id);
    expect((await stat(own)).ino).not.toBe(first);
  });

  it('killed with the API, and the person is told to begin again', async () => {
    const { visitor, attempt } = await begin();
    const own = join(folder, 'pending', attempt.attemptId);
    await stack.restartApi('SIGKILL');
    await untilNothingRuns(own);
    await database.query(`UPDATE sign_in_attempts SET lease_until = now() - interval '1 second'`);
    await until(visitor, attempt, 'failed');
    expect(await statusOf(visitor, attempt)).toEqual({ status: 'failed', code: 'sign_in_interrupted' });
    expect(await namesIn(folder, 'pending')).toEqual([]);
  });

  it('TOK-06: no token of it is in the log or in the tables', async () => {
    const log = stack.api.lines.join('\n');
    expect(log.match(/eyJ[\w-]{10,}/g)).toBeNull();
    for (const table of ['sign_in_attempts', 'token_caches', 'audit_entries']) {
      const { rows } = await database.query<{ text: string }>(`SELECT row::text AS text FROM ${table} row`);
      expect(rows.map(({ text }) => text).join('')).not.toMatch(/eyJ[\w-]{10,}/);
    }
  });

  it('with no executable, the API does not start and says what to do', async () => {
    const started = stack.restartApi('SIGTERM', { AZURE_CLI_PATH: '/nowhere/az' });
    await expect(started).rejects.toThrow(
      /AZURE_CLI_PATH: there is no executable \/nowhere\/az: install the Azure CLI/,
    );
  });
});
