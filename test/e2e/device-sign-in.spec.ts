import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import {
  approvedDevice,
  attemptPath,
  beginDevice,
  complete,
  statusOf,
  untilStatus,
} from '../support/device.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('sign-in by device code', () => {
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
  beforeEach(async () => {
    // Nobody polls on for a test before this.
    await database.query('DELETE FROM sign_in_attempts');
    await stack.azure.set({ device: { interval: 0.3 } });
  });
  afterEach(() => stack.azure.reset());

  it('signs in, with the session in the answer and in the cookie', async () => {
    const { visitor, attempt } = await beginDevice(stack, { remember: true });
    expect(attempt).toMatchObject({
      userCode: expect.stringMatching(/^\w{9}$/) as string,
      intervalSeconds: 0.3,
    });
    expect(attempt.verificationUri).toBe(`${stack.azure.url}/devicelogin`);
    expect(await statusOf(visitor, attempt)).toEqual({ status: 'pending' });
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_pending');
    await stack.azure.answerDeviceCode(attempt.userCode, 'grace');
    await untilStatus(visitor, attempt, 'approved');
    expect(visitor.sessionCookie).toBeUndefined();
    const { status: code, body } = await complete(visitor, attempt);
    expect(code).toBe(200);
    expect(body).toMatchObject({
      user: { displayName: 'Grace Okafor', roles: ['user'] },
      session: { method: 'device_code' },
    });
    expect(await visitor.readSession()).toMatchObject({
      session: { id: body.session.id },
      azureToken: { status: 'fresh' },
    });
  });

  it('DEV-01, advisory 11: for another browser it is not there', async () => {
    const { visitor, attempt } = await approvedDevice(stack);
    for (const other of [stack.visitor(), (await beginDevice(stack)).visitor]) {
      expect((await other.get(attemptPath(attempt))).status).toBe(404);
      expect((await complete(other, attempt)).status).toBe(404);
      expect((await other.delete(attemptPath(attempt))).status).toBe(404);
      expect(other.sessionCookie).toBeUndefined();
    }
    expect((await complete(visitor, attempt)).status).toBe(200);
  });

  it('DEV-02: the code that can be redeemed never leaves the server', async () => {
    const { visitor, attempt } = await beginDevice(stack);
    const seen = JSON.stringify([attempt, await statusOf(visitor, attempt), [...visitor.cookies]]);
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma');
    await untilStatus(visitor, attempt, 'approved');
    const { body } = await complete(visitor, attempt);
    expect(seen + JSON.stringify(body)).not.toMatch(/[\w-]{100}|eyJ/);
    const rows = JSON.stringify(
      (await database.query(`SELECT *, encode(sealed, 'escape') AS text FROM sign_in_attempts`)).rows,
    );
    expect(rows).not.toMatch(/device_code\W*:|eyJ/);
  });

  it('DEV-05: of ten that complete it at once one gets a session', async () => {
    const { visitor, attempt } = await approvedDevice(stack);
    const count = async () =>
      Number((await database.query<{ count: string }>('SELECT count(*) FROM sessions')).rows[0]?.count);
    const before = await count();
    const answers = await Promise.all(Array.from({ length: 10 }, () => complete(visitor, attempt)));
    expect(answers.filter(({ status: code }) => code === 200)).toHaveLength(1);
    expect(answers.every(({ status: code }) => code === 200 || code === 400)).toBe(true);
    expect(await count()).toBe(before + 1);
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_expired');
  });

  it('DEV-06: approved and then left alone, it runs out too', async () => {
    const { visitor, attempt } = await approvedDevice(stack);
    await database.query(
      `UPDATE sign_in_attempts SET expires_at = now() - interval '1 second' WHERE id = $1`,
      [attempt.attemptId],
    );
    expect((await statusOf(visitor, attempt)).status).toBe('expired');
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_expired');
  });

  it('DEV-07: disabled between approval and completion, here or at Entra, nobody gets in', async () => {
    await stack.visitor().signIn(stack.azure, 'ulrich');
    const here = await approvedDevice(stack, 'ulrich');
    await database.query(`UPDATE users SET is_active = false WHERE email = 'ulrich.brandt@contoso.com'`);
    expect((await complete(here.visitor, here.attempt)).body.code).toBe('account_disabled');
    const there = await approvedDevice(stack, 'viktor');
    await stack.azure.changePerson('viktor', { enabled: false });
    expect((await complete(there.visitor, there.attempt)).status).toBeGreaterThanOrEqual(400);
    for (const { visitor } of [here, there]) expect(visitor.sessionCookie).toBeUndefined();
  });

  it('DEV-11: an ID token with a flaw opens no session', async () => {
    const flaws = {
      adele: { set: { aud: 'other' } },
      audrey: { set: { iss: 'https://evil.example/v2.0' } },
      uma: { sign: 'none' },
      grace: { sign: 'wrong-key' },
      viktor: { remove: ['sub'] },
      gustav: { shift: { exp: -4000 } },
      // OID-21: an access token for our own API in its place.
      rhea: { set: { scp: 'access_as_user' } },
    };
    const idTokens = Object.entries(flaws).map(([person, flaw]) => ({ person, ...flaw, times: null }));
    await stack.azure.set({ idTokens });
    const codes = await Promise.all(
      Object.keys(flaws).map(async (person) => {
        const { visitor, attempt } = await approvedDevice(stack, person);
        const { body } = await complete(visitor, attempt);
        return [person, body.code, visitor.sessionCookie];
      }),
    );
    expect(codes).toEqual(Object.keys(flaws).map((person) => [person, 'sign_in_failed', undefined]));
  });

  it('DEV-09: no answer of it may be stored', async () => {
    const { visitor, attempt } = await approvedDevice(stack);
    const answers = [
      await visitor.post('/api/auth/device'),
      await visitor.get(attemptPath(attempt)),
      await complete(visitor, attempt),
    ];
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(
      Array.from({ length: 3 }, () => 'no-store'),
    );
  });

  it('DEV-10: where AUTH_METHODS does not name it, it is not there', async () => {
    const { attempt } = await beginDevice(stack);
    await stack.restartApi('SIGTERM', { AUTH_METHODS: 'authorization_code' });
    const visitor = stack.visitor();
    const answers = [
      await visitor.post('/api/auth/device'),
      await visitor.post('/api/auth/device', { method: 'azure_cli' }),
      await visitor.get(attemptPath(attempt)),
      await complete(visitor, attempt),
      await visitor.delete(attemptPath(attempt)),
    ];
    const { body } = await visitor.get('/api/auth/methods');
    expect(answers.map(({ status: code }) => code)).toEqual([404, 404, 404, 404, 404]);
    expect(body).toMatchObject({ methods: ['authorization_code'] });
  });
});
