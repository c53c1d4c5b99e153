import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import type { Problem, SessionAnswer } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

/** Longer than the API remembers a session it has just seen. */
const remembered = 3_100;

describe('a session', () => {
  let stack: Stack;
  let database: Client;
  beforeAll(async () => {
    stack = await startStack({ SESSION_MAX_PER_USER: '3' });
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await stack.stop();
  });

  const signedIn = async (person = 'uma', query = '') => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, person, query);
    return visitor;
  };
  const read = async (visitor: Visitor) => {
    const { status, body } = await visitor.get<SessionAnswer & Problem>('/api/auth/session');
    return status === 200 ? 'live' : body.code;
  };
  const withCookie = (value: string, browser?: Visitor) => {
    const visitor = stack.visitor();
    visitor.cookies.set('entrada_session', value);
    if (browser) visitor.cookies.set('entrada_browser', browser.cookies.get('entrada_browser') ?? '');
    return visitor;
  };
  const rowOf = async (visitor: Visitor) => {
    const { session } = (await visitor.readSession())!;
    return (
      await database.query<Record<string, unknown>>('SELECT * FROM sessions WHERE id = $1', [session.id])
    ).rows[0]!;
  };
  const forgotten = () => new Promise((resolve) => setTimeout(resolve, remembered));

  it('SES-01, SES-15: its cookie is 256 random bits, and says nothing', async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    for (const { sessionCookie } of [one, other]) {
      expect(sessionCookie).toMatch(/^[\w-]{43}$/);
      expect(Buffer.from(sessionCookie ?? '', 'base64url').toString('latin1')).not.toMatch(/contoso|patel/i);
    }
    expect(one.sessionCookie).not.toBe(other.sessionCookie);
  });

  it('SES-02: what a copy of the table holds is no cookie', async () => {
    const visitor = await signedIn();
    const row = await rowOf(visitor);
    const hash = row.token_hash as Buffer;
    for (const stored of [
      hash.toString('base64url'),
      hash.toString('hex'),
      hash.toString('base64'),
      String(row.id),
    ])
      expect(await read(withCookie(stored, visitor))).toBe('not_authenticated');
    expect(JSON.stringify(row)).not.toContain(visitor.sessionCookie);
  });

  it('SES-13: on http its cookie is HttpOnly, SameSite=Lax, for all paths, without domain, and ends with the browser', async () => {
    const visitor = stack.visitor();
    const back = await stack.azure.approveSignIn(await visitor.beginSignIn(), 'uma');
    const { headers } = await visitor.get(back.pathname + back.search);
    const line = headers.getSetCookie().find((cookie) => cookie.startsWith('entrada_session='));
    expect(line?.replace(/=[\w-]{43}/, '=…')).toBe('entrada_session=…; Path=/; HttpOnly; SameSite=Lax');
  });

  it('keeps the cookie as long as the session where the person asked for that', async () => {
    const visitor = stack.visitor();
    const back = await stack.azure.approveSignIn(await visitor.beginSignIn('?remember=true'), 'uma');
    const { headers } = await visitor.get(back.pathname + back.search);
    expect(headers.getSetCookie().join()).toContain(`Max-Age=${7 * 24 * 60 * 60}`);
  });

  it('SES-03: does not take the cookie that someone put there before', async () => {
    const visitor = withCookie('A'.repeat(43));
    await visitor.signIn(stack.azure, 'uma');
    expect(visitor.sessionCookie).not.toBe('A'.repeat(43));
    expect(await read(withCookie('A'.repeat(43), visitor))).toBe('not_authenticated');
  });

  it('SES-03: does not hand the victim’s sign-in to the attacker whose live session was planted', async () => {
    const attacker = await signedIn('viktor');
    const victim = withCookie(attacker.sessionCookie ?? '', attacker);
    await victim.signIn(stack.azure, 'uma');
    expect((await victim.readSession())?.user.displayName).toBe('Uma Patel');
    expect(await read(attacker)).toBe('not_authenticated');
  });

  it('SES-04: is a new one after signing in again, and the old one is dead at once', async () => {
    const visitor = await signedIn();
    const old = withCookie(visitor.sessionCookie ?? '', visitor);
    await visitor.signIn(stack.azure, 'uma');
    expect(await read(visitor)).toBe('live');
    expect(await read(old)).toBe('not_authenticated');
  });

  it('SES-05: is dead after signing out, and so is its cookie', async () => {
    const visitor = await signedIn();
    const replay = withCookie(visitor.sessionCookie ?? '', visitor);
    const { status, body, headers } = await visitor.post<{ logoutUrl: string }>('/api/auth/logout');
    expect(status).toBe(200);
    expect(visitor.sessionCookie).toBeUndefined();
    expect(await read(replay)).toBe('not_authenticated');
    // SES-24
    expect(headers.get('clear-site-data')).toBe('"cache", "storage"');
    const url = new URL(body.logoutUrl);
    expect([url.origin, url.pathname]).toEqual([
      stack.azure.url,
      `/${stack.env.AZURE_TENANT_ID}/oauth2/v2.0/logout`,
    ]);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${stack.url}/login`);
  });

  it('TOK-05: takes the Azure tokens along when it was the person’s last', async () => {
    const [one, other] = [await signedIn('gustav'), await signedIn('gustav')];
    const { user_id: userId } = await rowOf(one);
    const kept = async () =>
      (await database.query('SELECT 1 FROM token_caches WHERE user_id = $1', [userId])).rowCount;
    await one.post('/api/auth/logout');
    expect(await kept()).toBe(1);
    await other.post('/api/auth/logout');
    expect(await kept()).toBe(0);
  });

  it('signing out is for everybody, also twice, also without a session', async () => {
    const visitor = await signedIn();
    for (const one of [visitor, visitor, stack.visitor(), withCookie('garbage')])
      expect((await one.post('/api/auth/logout')).status).toBe(200);
  });

  it('SES-06: is dead when its person is deleted', async () => {
    const visitor = await signedIn('rhea');
    await database.query(`DELETE FROM users WHERE email = 'rhea.santos@contoso.com'`);
    await forgotten();
    expect(await read(visitor)).toBe('not_authenticated');
  });

  it('SES-09, SES-11, SES-06: ends by idling, by its absolute end, by revocation, by its person being disabled, whatever the cookie’s age', async () => {
    const [idle, over, revoked, disabled] = [
      await signedIn('uma', '?remember=true'),
      await signedIn('adele'),
      await signedIn('audrey'),
      await signedIn('grace'),
    ];
    const change = async (visitor: Visitor, set: string) =>
      database.query(`UPDATE sessions SET ${set} WHERE id = $1`, [(await rowOf(visitor)).id]);
    await change(idle, `idle_expires_at = now() - interval '1 second'`);
    await change(
      over,
      `absolute_expires_at = now() - interval '1 second', idle_expires_at = now() - interval '1 second'`,
    );
    await change(revoked, `revoked_at = now(), revoked_why = 'ended_elsewhere'`);
    await database.query(`UPDATE users SET is_active = false WHERE email = 'grace.okafor@contoso.com'`);
    await forgotten();
    expect(await Promise.all([idle, over, revoked, disabled].map(read))).toEqual([
      'session_expired',
      'session_expired',
      'session_revoked',
      'account_disabled',
    ]);
    // A dead session cannot be brought back by a request, nor by signing out.
    await idle.post('/api/auth/logout');
    expect(await read(withCookie(idle.sessionCookie ?? '', idle))).not.toBe('live');
  });

  it('SES-12: a script’s token neither keeps its session alive nor makes another token', async () => {
    const visitor = await signedIn('audrey');
    const { id } = await rowOf(visitor);
    const { body } = await visitor.post<{ accessToken: string }>('/api/auth/token');
    await database.query(
      `UPDATE sessions SET last_seen_at = now() - interval '5 minutes', idle_expires_at = now() + interval '10 minutes' WHERE id = $1`,
      [id],
    );
    const times = async () =>
      (await database.query('SELECT last_seen_at, idle_expires_at FROM sessions WHERE id = $1', [id])).rows;
    const before = await times();
    const authorization = `Bearer ${body.accessToken}`;
    expect((await stack.visitor().get('/api/auth/session', { authorization })).status).toBe(200);
    expect((await stack.visitor().post('/api/auth/token', undefined, { authorization })).status).toBe(403);
    expect(await times()).toEqual(before);
    await forgotten();
    expect(await read(visitor)).toBe('live');
    expect(await times()).not.toEqual(before);
  });

  it('SES-18: one person has at most three; the one last used longest ago gives way', async () => {
    const visitors = [];
    for (let count = 0; count < 4; count += 1) visitors.push(await signedIn('viktor'));
    expect(await Promise.all(visitors.map(read))).toEqual(['session_revoked', 'live', 'live', 'live']);
  });

  it.each([
    ['two cookies', (value: string) => `entrada_session=${value}; entrada_session=${value}`],
    [
      'two cookies, one of them good',
      (value: string) => `entrada_session=${'A'.repeat(43)}; entrada_session=${value}`,
    ],
    ['a quoted value', (value: string) => `entrada_session="${value}"`],
    ['garbage', () => 'entrada_session=%%%; ;;;=; =x; __proto__=1'],
    ['8 KB', () => `entrada_session=${'A'.repeat(8_000)}`],
    ['bytes that are no ASCII', () => 'entrada_session=\u00ff\u00fe'],
    ['a JSON object', () => 'entrada_session={"id":1}'],
  ])('SES-16: %s are nobody, politely', async (_, cookie) => {
    const visitor = await signedIn();
    const { status } = await stack
      .visitor()
      .get('/api/auth/session', { cookie: cookie(visitor.sessionCookie ?? '') });
    expect(status).toBe(401);
  });

  it('SES-25: a live session at Entra opens none here without the person asking', async () => {
    const visitor = stack.visitor();
    for (const path of ['/', '/login', '/api/auth/session', '/api/auth/methods', '/api/health']) {
      const { status, headers } = await visitor.get(path);
      expect([200, 401, 404]).toContain(status);
      expect(headers.getSetCookie()).toEqual([]);
    }
  });

  it.each(['cross-site', 'same-site'])(
    'SES-25: nor does a page of someone else that sends the browser to sign in (%s)',
    async (site) => {
      const { headers } = await stack
        .visitor()
        .get('/api/auth/login?returnTo=/chat', { 'sec-fetch-site': site });
      expect(headers.get('location')).toBe('/login?returnTo=%2Fchat');
    },
  );

  it('SES-17: a user agent beyond any measure is clipped where it is kept, and stays the same device', async () => {
    const visitor = stack.visitor();
    const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36';
    const agent = { 'user-agent': `${browser} ${'x'.repeat(8_000)}` };
    const back = await stack.azure.approveSignIn(await visitor.beginSignIn(), 'gustav');
    await visitor.get(back.pathname + back.search, agent);
    const { status, body } = await visitor.get<{ session: { id: string } }>('/api/auth/session', agent);
    expect(status).toBe(200);
    const kept = await database.query('SELECT length(user_agent) FROM sessions WHERE id = $1', [
      body.session.id,
    ]);
    expect(kept.rows).toEqual([{ length: 512 }]);
    const drifts = `SELECT 1 FROM audit_entries WHERE action = 'session.device_drifted' AND session_id = $1`;
    expect((await database.query(drifts, [body.session.id])).rowCount).toBe(0);
  });
});
