import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import type { Problem } from '#contracts';
import { type Collector, startCollector } from '../support/collector.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const content = 'canary-of-what-a-person-writes';
const search = 'canary-of-what-is-looked-for';
const lastTrace = 'a1b2c3d4e5f60718a1b2c3d4e5f60718';
/** Uma's, as Entra says it. */
const address = /uma[\w.]*@[\w-]+\.\w+/i;

describe('what the API writes down', () => {
  let stack: Stack;
  let collector: Collector;
  const refusals: string[] = [];
  let database: Client;
  const secrets = new Map<string, string>();
  const remember = (name: string, value: string | null | undefined) => {
    if (!value || value.length < 8) throw new Error(`${name} is no secret: ${value}`);
    secrets.set(name, value);
  };
  beforeAll(async () => {
    collector = await startCollector();
    stack = await startStack({ LOG_LEVEL: 'trace', ...collector.env });
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
    await liveALittle();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
    await collector.close();
  });
  /** Somebody whose every refusal is kept. */
  function visitorOf(): Visitor {
    const visitor = stack.visitor();
    const send = visitor.send.bind(visitor);
    visitor.send = async <Body>(...request: Parameters<Visitor['send']>) => {
      const answer = await send<Body>(...request);
      if (answer.status >= 400) refusals.push(JSON.stringify(answer.body));
      return answer;
    };
    return visitor;
  }

  /** A bit of everything that handles secrets, the ways that fail included. */
  async function liveALittle(): Promise<void> {
    remember('client secret', stack.env.AZURE_CLIENT_SECRET);
    remember('encryption key', stack.env.ENCRYPTION_KEYS?.split(':')[1]);
    const visitor = visitorOf();
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
    const second = visitorOf();
    const attempt = await second.beginDevice();
    await stack.azure.answerDeviceCode(attempt.userCode, 'adele');
    const path = `/api/auth/device/${attempt.attemptId}`;
    for (let state = 'pending'; state === 'pending'; await delay(100))
      state = (await second.get<{ status: string }>(path)).body.status;
    await second.post(`${path}/complete`);
    remember('second session', second.sessionCookie);

    // Replayed, forged, refused, unreachable.
    await visitorOf().get(back.pathname + back.search);
    await visitor.post('/api/auth/logout', undefined, { 'x-csrf-token': `forged-${secrets.get('session')}` });
    await stack.azure.set({
      idTokens: [{ sign: 'wrong-key' }],
      faults: { token: [{ error: 'invalid_grant', grant: 'refresh_token', times: null }] },
    });
    await visitorOf().signIn(stack.azure, 'grace');
    await visitor.post('/api/auth/refresh');
    await stack.azure.set({ down: ['token', 'graph', 'openai'] });
    await visitorOf().signIn(stack.azure, 'grace');
    await visitor.post('/api/auth/refresh');
    await stack.azure.reset();
    await second.post('/api/auth/logout');
    await administer();
    await callWithToken();
  }

  /** What an administrator looks for is about people. */
  async function administer(): Promise<void> {
    const adele = visitorOf();
    await adele.signIn(stack.azure, 'adele');
    const found = await adele.get<{ items: { id: string; email: string }[] }>('/api/admin/users?search=uma');
    const [person] = found.body.items;
    expect(person?.email).toMatch(address);
    const email = encodeURIComponent(person!.email);
    for (const path of [
      `/api/admin/users?search=${search}`,
      `/api/admin/users?search=${email}`,
      `/api/admin/users/${person!.id}`,
      `/api/admin/users/${search}`,
      `/api/admin/audit?actor=${search}`,
      `/api/chat/conversations?search=${search}`,
    ])
      await adele.get(path);
    await adele.patch(`/api/admin/users/${person!.id}`, { roles: [search] });
  }

  /** A script with Entra's token, and with one that is spoilt. */
  async function callWithToken(): Promise<void> {
    const scope = `api://${stack.env.AZURE_CLIENT_ID}/access_as_user`;
    const { access_token: token = '' } = await stack.azure.tokensFor('uma', scope);
    remember('access token', token.split('.')[2]);
    const script = visitorOf();
    const authorization = `Bearer ${token}`;
    expect((await script.get('/api/auth/me', { authorization })).status).toBe(200);
    await script.post('/api/chat/message', { message: content }, { authorization });
    expect((await script.get('/api/auth/me', { authorization: `${authorization}x` })).status).toBe(401);
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

  it('TOK-06: neither spans nor metrics, nor what refusals say, hold a secret, a text, a query or an address', async () => {
    await collector.until(({ name }) => name === 'POST /api/chat/message');
    const { status } = await stack
      .visitor()
      .get('/api/auth/methods', { traceparent: `00-${lastTrace}-0102030405060708-01` });
    expect(status).toBe(200);
    // What was before it has been sent as well.
    await collector.until(({ traceId }) => traceId === lastTrace);
    await expect.poll(() => collector.spans.length).toBeGreaterThan(200);
    const metrics = await (await fetch(`http://127.0.0.1:${stack.env.PORT}/metrics`)).text();
    const told = { spans: collector.text, metrics, refusals: refusals.join('\n') };
    expect(refusals.length).toBeGreaterThan(5);
    expect(metrics).toContain('entrada_build_info');
    for (const [place, text] of Object.entries(told)) {
      const found = [...secrets]
        .filter(([, value]) => text.includes(value))
        .map(([name]) => `${name} in ${place}`);
      expect(found).toEqual([]);
      expect(text).not.toContain(content);
      expect(text).not.toContain(search);
      expect(text).not.toMatch(address);
      expect(text).not.toMatch(/eyJ[\w-]{10,}/);
      expect(text).not.toMatch(/[?&](code|state|session_state|search|\$select)=/);
    }
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
