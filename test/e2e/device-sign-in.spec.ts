import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import type { DeviceAttempt, DeviceStatus, Problem, SessionAnswer } from '#contracts';
import { freePort, type Stack, startApi, startStack } from '../support/stack.ts';
import { Visitor } from '../support/visitor.ts';

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

  const path = ({ attemptId }: DeviceAttempt) => `/api/auth/device/${attemptId}`;
  const status = async (visitor: Visitor, attempt: DeviceAttempt) =>
    (await visitor.get<DeviceStatus>(path(attempt))).body;
  async function until(visitor: Visitor, attempt: DeviceAttempt, wanted: DeviceStatus['status']) {
    const asked = () => status(visitor, attempt);
    await expect.poll(asked, { timeout: 8_000, interval: 50 }).toMatchObject({ status: wanted });
  }
  const complete = (visitor: Visitor, attempt: DeviceAttempt) =>
    visitor.post<SessionAnswer & Problem>(`${path(attempt)}/complete`);
  const polls = () => stack.azure.calls('token', { grant: 'device_code' });
  const begin = async (body: object = {}) => {
    const visitor = stack.visitor();
    return { visitor, attempt: await visitor.beginDevice(body) };
  };
  const approved = async (person = 'uma') => {
    const begun = await begin();
    await stack.azure.answerDeviceCode(begun.attempt.userCode, person);
    await until(begun.visitor, begun.attempt, 'approved');
    return begun;
  };

  it('signs in, with the session in the answer and in the cookie', async () => {
    const { visitor, attempt } = await begin({ remember: true });
    expect(attempt).toMatchObject({
      userCode: expect.stringMatching(/^\w{9}$/) as string,
      intervalSeconds: 0.3,
    });
    expect(attempt.verificationUri).toBe(`${stack.azure.url}/devicelogin`);
    expect(await status(visitor, attempt)).toEqual({ status: 'pending' });
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_pending');
    await stack.azure.answerDeviceCode(attempt.userCode, 'grace');
    await until(visitor, attempt, 'approved');
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
    const { visitor, attempt } = await approved();
    for (const other of [stack.visitor(), (await begin()).visitor]) {
      expect((await other.get(path(attempt))).status).toBe(404);
      expect((await complete(other, attempt)).status).toBe(404);
      expect((await other.delete(path(attempt))).status).toBe(404);
      expect(other.sessionCookie).toBeUndefined();
    }
    expect((await complete(visitor, attempt)).status).toBe(200);
  });

  it('DEV-02: the code that can be redeemed never leaves the server', async () => {
    const { visitor, attempt } = await begin();
    const seen = JSON.stringify([attempt, await status(visitor, attempt), [...visitor.cookies]]);
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma');
    await until(visitor, attempt, 'approved');
    const { body } = await complete(visitor, attempt);
    expect(seen + JSON.stringify(body)).not.toMatch(/[\w-]{100}|eyJ/);
    const rows = JSON.stringify(
      (await database.query(`SELECT *, encode(sealed, 'escape') AS text FROM sign_in_attempts`)).rows,
    );
    expect(rows).not.toMatch(/device_code\W*:|eyJ/);
  });

  it('DEV-03: ten tabs that ask all the time make us ask Entra no faster than the interval', async () => {
    await stack.azure.set({ device: { interval: 0.6 } });
    const { visitor, attempt } = await begin();
    const end = Date.now() + 2_000;
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        while (Date.now() < end) {
          await status(visitor, attempt);
          await delay(100);
        }
      }),
    );
    const times = (await polls()).map(({ at }) => Date.parse(at));
    expect(times.length).toBeGreaterThanOrEqual(2);
    expect(Math.min(...times.slice(1).map((time, index) => time - times[index]!))).toBeGreaterThanOrEqual(
      590,
    );
    expect((await polls()).map(({ error }) => error)).not.toContain('slow_down');
  });

  it('DEV-03: slow_down makes the next poll five seconds later', async () => {
    await stack.azure.set({ faults: { token: [{ grant: 'device_code', error: 'slow_down' }] } });
    const { attempt } = await begin();
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma');
    await expect.poll(async () => (await polls()).at(-1)?.error).toBe('slow_down');
    const before = (await polls()).length;
    await delay(4_000);
    expect(await polls()).toHaveLength(before);
  });

  it('DEV-04: a refusal ends it in its own way, and Entra is not asked again', async () => {
    const refusals = [
      { person: 'adele', error: 'authorization_declined', end: 'declined', code: 'sign_in_cancelled' },
      { person: 'audrey', error: 'access_denied', end: 'declined', code: 'sign_in_cancelled' },
      { person: 'uma', error: 'expired_token', end: 'expired', code: 'sign_in_expired' },
      { person: 'ulrich', error: 'bad_verification_code', end: 'failed', code: 'sign_in_failed' },
      { person: 'viktor', error: 'interaction_required', end: 'failed', code: 'sign_in_declined' },
      { person: 'grace', error: 'invalid_client', end: 'failed', code: 'sign_in_unavailable' },
    ] as const;
    const faults = refusals.map(({ person, error }) => ({
      person,
      error,
      grant: 'device_code',
      times: null,
    }));
    await stack.azure.set({ faults: { token: faults } });
    const begun = await Promise.all(
      refusals.map(async ({ person, end }) => {
        const { visitor, attempt } = await begin();
        await stack.azure.answerDeviceCode(attempt.userCode, person);
        await until(visitor, attempt, end);
        return { visitor, attempt };
      }),
    );
    const before = (await polls()).length;
    await delay(700);
    expect(await polls()).toHaveLength(before);
    for (const [index, { visitor, attempt }] of begun.entries()) {
      const { end, code } = refusals[index]!;
      expect(await status(visitor, attempt)).toEqual({ status: end, code });
      expect((await complete(visitor, attempt)).body.code).toBe(code);
      expect(visitor.sessionCookie).toBeUndefined();
    }
  });

  it('DEV-04: declined at Entra’s page is declined here', async () => {
    const { visitor, attempt } = await begin();
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma', 'decline');
    await until(visitor, attempt, 'declined');
  });

  it('F6: an Entra that is away only delays it', async () => {
    const { visitor, attempt } = await begin();
    await stack.azure.set({ down: ['token'] });
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma');
    await delay(1_000);
    expect(await status(visitor, attempt)).toEqual({ status: 'pending' });
    await stack.azure.set({ down: [] });
    await until(visitor, attempt, 'approved');
    expect((await complete(visitor, attempt)).status).toBe(200);
  });

  it('DEV-05: of ten that complete it at once one gets a session', async () => {
    const { visitor, attempt } = await approved();
    const count = async () =>
      Number((await database.query<{ count: string }>('SELECT count(*) FROM sessions')).rows[0]?.count);
    const before = await count();
    const answers = await Promise.all(Array.from({ length: 10 }, () => complete(visitor, attempt)));
    expect(answers.filter(({ status: code }) => code === 200)).toHaveLength(1);
    expect(answers.every(({ status: code }) => code === 200 || code === 400)).toBe(true);
    expect(await count()).toBe(before + 1);
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_expired');
  });

  it('DEV-06: expired, it is of no use to approve it', async () => {
    await stack.azure.set({ device: { interval: 0.3, expiresIn: 1 } });
    const { visitor, attempt } = await begin();
    await delay(1_100);
    expect(await status(visitor, attempt)).toEqual({ status: 'expired', code: 'sign_in_expired' });
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma').catch(() => undefined);
    const before = (await polls()).length;
    await delay(700);
    expect(await polls()).toHaveLength(before);
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_expired');
  });

  it('DEV-06: approved and then left alone, it runs out too', async () => {
    const { visitor, attempt } = await approved();
    await database.query(
      `UPDATE sign_in_attempts SET expires_at = now() - interval '1 second' WHERE id = $1`,
      [attempt.attemptId],
    );
    expect((await status(visitor, attempt)).status).toBe('expired');
    expect((await complete(visitor, attempt)).body.code).toBe('sign_in_expired');
  });

  it('DEV-07: disabled between approval and completion, here or at Entra, nobody gets in', async () => {
    await stack.visitor().signIn(stack.azure, 'ulrich');
    const here = await approved('ulrich');
    await database.query(`UPDATE users SET is_active = false WHERE email = 'ulrich.brandt@contoso.com'`);
    expect((await complete(here.visitor, here.attempt)).body.code).toBe('account_disabled');
    const there = await approved('viktor');
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
        const { visitor, attempt } = await approved(person);
        const { body } = await complete(visitor, attempt);
        return [person, body.code, visitor.sessionCookie];
      }),
    );
    expect(codes).toEqual(Object.keys(flaws).map((person) => [person, 'sign_in_failed', undefined]));
  });

  it('DEV-09: no answer of it may be stored', async () => {
    const { visitor, attempt } = await approved();
    const answers = [
      await visitor.post('/api/auth/device'),
      await visitor.get(path(attempt)),
      await complete(visitor, attempt),
    ];
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(
      Array.from({ length: 3 }, () => 'no-store'),
    );
  });

  it('cancelled, it is gone and Entra is not asked again', async () => {
    const { visitor, attempt } = await begin();
    expect((await visitor.delete(path(attempt))).status).toBe(204);
    expect((await visitor.get(path(attempt))).status).toBe(404);
    await delay(400);
    const before = (await polls()).length;
    await delay(700);
    expect(await polls()).toHaveLength(before);
  });

  it('goes on after the process that polled is killed', async () => {
    const { visitor, attempt } = await begin();
    await stack.restartApi('SIGKILL');
    await database.query(
      `UPDATE sign_in_attempts SET lease_until = now() - interval '1 second' WHERE status = 'pending'`,
    );
    await stack.azure.answerDeviceCode(attempt.userCode, 'uma');
    await expect
      .poll(() => status(visitor, attempt), { timeout: 20_000 })
      .toMatchObject({ status: 'approved' });
    expect((await complete(visitor, attempt)).status).toBe(200);
  });

  it('DEV-10: where AUTH_METHODS does not name it, it is not there', async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const api = await startApi({
      ...stack.env,
      PORT: String(port),
      PUBLIC_URL: url,
      AUTH_METHODS: 'authorization_code',
    });
    const { attempt } = await begin();
    const visitor = new Visitor(url);
    const answers = [
      await visitor.post('/api/auth/device'),
      await visitor.post('/api/auth/device', { method: 'azure_cli' }),
      await visitor.get(path(attempt)),
      await complete(visitor, attempt),
      await visitor.delete(path(attempt)),
    ];
    const { body } = await visitor.get('/api/auth/methods');
    await api.stop();
    expect(answers.map(({ status: code }) => code)).toEqual([404, 404, 404, 404, 404]);
    expect(body).toMatchObject({ methods: ['authorization_code'] });
  });
});
