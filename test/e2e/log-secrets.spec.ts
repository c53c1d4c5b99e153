import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import type { Problem } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';

const content = 'canary-of-what-a-person-writes';

describe('what the API writes down', () => {
  let stack: Stack;
  let database: Client;
  const secrets = new Map<string, string>();
  const remember = (name: string, value: string | null | undefined) => {
    if (!value || value.length < 8) throw new Error(`${name} is no secret: ${value}`);
    secrets.set(name, value);
  };
  beforeAll(async () => {
    stack = await startStack({ LOG_LEVEL: 'trace' });
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
    await liveALittle();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
  });

  /** A bit of everything that handles secrets, the ways that fail included. */
  async function liveALittle(): Promise<void> {
    remember('client secret', stack.env.AZURE_CLIENT_SECRET);
    remember('encryption key', stack.env.ENCRYPTION_KEYS?.split(':')[1]);
    const visitor = stack.visitor();
    const begun = new URL(await visitor.beginSignIn());
    for (const name of ['state', 'nonce']) remember(name, begun.searchParams.get(name));
    const back = await stack.azure.approveSignIn(begun.href, 'uma');
    remember('code', back.searchParams.get('code'));
    await visitor.get(back.pathname + back.search);
    remember('session', visitor.sessionCookie);
    remember('browser', visitor.cookies.get('entrada_browser'));
    remember('CSRF token', (await visitor.readSession())?.csrfToken);
    const { body: jwt } = await visitor.post<{ accessToken: string }>('/api/auth/token');
    remember('JWT', jwt.accessToken.split('.')[2]);
    await visitor.get('/api/auth/session', { authorization: `Bearer ${jwt.accessToken}` });
    await visitor.post('/api/auth/refresh');
    await visitor.post('/api/chat/message', { message: content });
    await visitor.post('/api/chat/message', { message: [content] });

    await stack.azure.set({ device: { interval: 0.3 } });
    const second = stack.visitor();
    const attempt = await second.beginDevice();
    await stack.azure.answerDeviceCode(attempt.userCode, 'adele');
    const path = `/api/auth/device/${attempt.attemptId}`;
    for (let state = 'pending'; state === 'pending'; await delay(100))
      state = (await second.get<{ status: string }>(path)).body.status;
    await second.post(`${path}/complete`);
    remember('second session', second.sessionCookie);

    // Replayed, forged, refused, unreachable.
    await stack.visitor().get(back.pathname + back.search);
    await visitor.post('/api/auth/logout', undefined, { 'x-csrf-token': `forged-${secrets.get('session')}` });
    await stack.azure.set({
      idTokens: [{ sign: 'wrong-key' }],
      faults: { token: [{ error: 'invalid_grant', grant: 'refresh_token', times: null }] },
    });
    await stack.visitor().signIn(stack.azure, 'grace');
    await visitor.post('/api/auth/refresh');
    await stack.azure.set({ down: ['token', 'graph', 'openai'] });
    await stack.visitor().signIn(stack.azure, 'grace');
    await visitor.post('/api/auth/refresh');
    await stack.azure.reset();
    await second.post('/api/auth/logout');
  }

  it('TOK-06, DEV-02: holds no secret and nothing that a person wrote, at the most talkative level', () => {
    const log = stack.api.lines.join('\n');
    expect(stack.api.lines.length).toBeGreaterThan(30);
    expect([...secrets].filter(([, value]) => log.includes(value)).map(([name]) => name)).toEqual([]);
    expect(log).not.toContain(content);
    // No token of Entra's, no device code, no refresh token: nothing that long has another meaning.
    expect(log.match(/eyJ[\w-]{10,}|[\w-]{90,}/g) ?? []).toEqual([]);
    expect(log).not.toMatch(/[?&](code|state|session_state)=/);
  });

  it('LOG-02: is JSON, line by line, each with its level and each request with its id', () => {
    const lines = stack.api.lines
      .filter((line) => !line.startsWith('('))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.every(({ level, time }) => level && time)).toBe(true);
    const requests = lines.filter(({ req }) => req);
    expect(requests.length).toBeGreaterThan(15);
    expect(requests.every(({ requestId, reqId }) => requestId ?? reqId)).toBe(true);
  });

  it('TOK-06: the database holds no secret either, outside what is sealed or hashed', async () => {
    const { rows: tables } = await database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await database.query<{ text: string }>(`SELECT row::text AS text FROM ${name} row`);
      const text = rows.map((row) => row.text).join('\n');
      for (const [secret, value] of secrets) {
        // The nonce of a sign-in under way is compared with what comes back, and is no key to anything by itself.
        if (secret === 'nonce' && name === 'sign_in_attempts') continue;
        if (text.includes(value) || text.includes(Buffer.from(value).toString('hex')))
          found.push(`${secret} in ${name}`);
      }
      if (/eyJ[\w-]{10,}/.test(text)) found.push(`a JWT in ${name}`);
    }
    expect(tables.length).toBeGreaterThan(6);
    expect(found).toEqual([]);
  });

  it('LOG-05, advisory 2: a failure of ours is told without its text, and is found by its id', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    await database.query('ALTER TABLE conversations RENAME TO conversations_gone');
    const { status, body, headers } = await visitor.get<Problem>('/api/chat/conversations');
    await database.query('ALTER TABLE conversations_gone RENAME TO conversations');
    expect(status).toBe(500);
    expect(body.code).toBe('internal');
    expect(body.requestId).toBe(headers.get('x-request-id'));
    expect(JSON.stringify(body)).not.toMatch(/relation|select|typeorm|postgres|\.ts|\.js/i);
    await expect
      .poll(() =>
        stack.api.lines.find((line) => line.includes(body.requestId) && line.includes('"level":"error"')),
      )
      .toMatch(/relation .+ does not exist/);
    expect((await visitor.get('/api/chat/conversations')).status).toBe(200);
  });
});
