import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../support/raw-http.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

/** Packet by packet over long polling, which needs no upgrade and so has other doors than a web socket. */
describe('WSK-01: the handshake of the live connection', () => {
  let stack: Stack;
  let visitor: Visitor;
  beforeAll(async () => {
    stack = await startStack();
    visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
  });
  afterAll(() => stack.stop());

  const polling = '/socket.io?EIO=4&transport=polling';
  const open = (headers: Record<string, string>) => fetch(stack.url + polling, { headers });
  /** Engine.IO 4 and Socket.IO 5: `40` asks for a namespace, `44` refuses it. */
  async function ask(packet: string, headers: Record<string, string> = {}): Promise<string> {
    const all = { origin: stack.url, cookie: visitor.cookieHeader, ...headers };
    const opened = await (await open(all)).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const address = `${stack.url}${polling}&sid=${sid}`;
    await fetch(address, { method: 'POST', headers: { ...all, 'content-type': 'text/plain' }, body: packet });
    return (await fetch(address, { headers: all })).text();
  }
  const chat = (auth: object) => `40/chat,${JSON.stringify(auth)}`;

  it('of our page, with cookie and CSRF token, is accepted', async () => {
    expect(await ask(chat({ csrfToken: visitor.csrfToken }))).toMatch(/^40\/chat,\{"sid"/);
  });

  it.each<[string, Record<string, string>]>([
    ['without origin', {}],
    ['of another origin', { origin: 'https://evil.example' }],
    ['of the opaque origin', { origin: 'null' }],
    ['of an origin that begins like ours', { origin: 'http://localhost.evil.example' }],
  ])('%s is not even opened', async (_, headers) => {
    const { status, headers: answered } = await open({ cookie: visitor.cookieHeader, ...headers });
    expect(status).toBe(403);
    expect(answered.get('access-control-allow-origin')).toBeNull();
  });

  it('LOG-01: that is refused leaves an entry, and many of them no more', async () => {
    const database = new Client({ connectionString: stack.database.url });
    await database.connect();
    const denied = async (who: string) =>
      (
        await database.query<{ details: object }>(
          `SELECT details FROM audit_entries WHERE action = 'access.denied' AND ip_address IS NOT NULL
             AND details ->> 'call' = 'live connection' AND ${who} ORDER BY sequence`,
        )
      ).rows.map(({ details }) => details);
    try {
      for (let round = 0; round < 20; round += 1) await open({ origin: 'https://evil.example' });
      for (let round = 0; round < 5; round += 1) await ask(chat({}));
      for (const who of ['actor_id IS NULL', 'actor_id IS NOT NULL']) {
        await expect.poll(() => denied(who)).toContainEqual({ code: 'csrf_failed', call: 'live connection' });
        // One on each process; the others are counted.
        expect((await denied(who)).length).toBeLessThanOrEqual(2);
      }
    } finally {
      await database.end();
    }
  });

  it('of another origin is not opened as a web socket either', async () => {
    const upgrade = (...origin: string[]) =>
      rawRequest(stack.url, [
        'GET /socket.io?EIO=4&transport=websocket HTTP/1.1',
        `Host: ${new URL(stack.url).host}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        `Cookie: ${visitor.cookieHeader}`,
        ...origin,
      ]);
    const origins = [[], ['Origin: null'], ['Origin: https://evil.example'], [`Origin: ${stack.url}`]];
    const answers = await Promise.all(origins.map((origin) => upgrade(...origin)));
    expect(answers.map(({ status }) => status === 101)).toEqual([false, false, false, true]);
  });

  it.each<[string, () => [string, Record<string, string>]]>([
    ['without cookie', () => [chat({ csrfToken: visitor.csrfToken }), { cookie: '' }]],
    [
      'with a dead cookie',
      () => [chat({ csrfToken: visitor.csrfToken }), { cookie: `entrada_session=${'A'.repeat(43)}` }],
    ],
    ['without CSRF token', () => [chat({}), {}]],
    ['with another CSRF token', () => [chat({ csrfToken: 'A'.repeat(43) }), {}]],
    ['with a CSRF token that is no text', () => [chat({ csrfToken: { length: 43 } }), {}]],
    ['with the session’s own token as CSRF token', () => [chat({ csrfToken: visitor.sessionCookie }), {}]],
    ['with a token of nobody’s', () => [chat({ token: 'eyJ.eyJ.eyJ' }), {}]],
    ['with a token that is a list', () => [chat({ token: [] }), { cookie: '' }]],
    ['to the default namespace', () => [`40${JSON.stringify({ csrfToken: visitor.csrfToken })}`, {}]],
    [
      'to a namespace that is not there',
      () => [`40/admin,${JSON.stringify({ csrfToken: visitor.csrfToken })}`, {}],
    ],
    [
      'to a namespace in another case',
      () => [`40/CHAT,${JSON.stringify({ csrfToken: visitor.csrfToken })}`, {}],
    ],
  ])('%s is refused', async (_, packet) => {
    expect(await ask(...packet())).toMatch(/^44/);
  });

  it('advisory 35: packets that are none do not end the process', async () => {
    const { pid } = stack.api.process;
    for (const packet of [
      '',
      '9',
      '4',
      '40/chat',
      '40/chat,{',
      '4999/chat,[]',
      `4${'5'.repeat(400)}-`,
      '45999999-/chat,[]',
      '\u0000',
      '40/__proto__,{}',
      '40/chat,{"__proto__":{"csrfToken":"x"}}',
    ])
      await ask(packet).catch(() => undefined);
    expect((await stack.visitor().get('/api/health')).status).toBe(200);
    expect(stack.api.process.pid).toBe(pid);
    expect(stack.api.process.exitCode).toBeNull();
  });
});
