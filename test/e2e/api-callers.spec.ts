/**
 * API callers: scripts that bring an Entra access token of a person with every call, and nothing else. Everything here
 * is sent to the built API; the tokens are the emulator's, spoilt in one way at a time.
 */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, SentMessage, WholeTurnAnswer } from '#contracts';
import { rawGet } from '../support/raw-http.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { type Answer, Visitor } from '../support/visitor.ts';

interface Me {
  id: string;
  email: string;
  displayName: string;
  isAdmin: boolean;
  roles: string[];
}

interface TokenAnswer {
  access_token: string;
  id_token?: string;
}

let stack: Stack;
let clientId: string;
let apiScope: string;
/** Every token that was handed out here; none may turn up in the API's log. */
const minted = new Set<string>();

/** What the token endpoint answers once this person has signed in for another application of the organisation. */
async function mint(person: string, scope = apiScope): Promise<TokenAnswer> {
  const response = await fetch(`${stack.azure.url}/_control/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person, scope }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const answer = (await response.json()) as TokenAnswer;
  for (const token of [answer.access_token, answer.id_token]) if (token) minted.add(token);
  return answer;
}

const tokenOf = async (person: string, scope?: string) => (await mint(person, scope)).access_token;

async function spoiltToken(flaw: object, person = 'uma'): Promise<string> {
  await stack.azure.set({ accessTokens: [{ person, grant: 'control', ...flaw }] });
  return tokenOf(person);
}

/** A script: no cookies, no Origin, no CSRF token. */
class Script {
  constructor(private readonly authorization: string) {}

  static async of(person: string): Promise<Script> {
    return new Script(`Bearer ${await tokenOf(person)}`);
  }

  get = <Body = Problem>(path: string) => this.send<Body>('GET', path);
  post = <Body = Problem>(path: string, body?: object) => this.send<Body>('POST', path, body);

  async send<Body = Problem>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(stack.url + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization: this.authorization,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text ? JSON.parse(text) : text) as Body,
    };
  }

  /** Status and code, as far as a refusal is concerned. */
  async refusal(method = 'GET', path = '/api/auth/me', body?: object): Promise<string> {
    const { status, headers, body: problem } = await this.send(method, path, body);
    const isProblem = headers.get('content-type')?.startsWith('application/problem+json');
    return isProblem ? `${status} ${problem.code}` : `${status} without a problem`;
  }
}

/** Whose each token of Entra's is, by its id. */
const ownerOf = new Map<unknown, string | undefined>();

const linesBefore: string[] = [];
async function restartApi(changes: Record<string, string> = {}): Promise<void> {
  const { api } = stack;
  await stack.restartApi('SIGTERM', changes);
  linesBefore.push(...api.lines);
}

async function objectIdOf(alias: string): Promise<string> {
  const people = (await (await fetch(`${stack.azure.url}/_control/people`)).json()) as {
    alias: string;
    id: string;
  }[];
  return people.find((person) => person.alias === alias)!.id;
}

const bearer = (token: string) => new Script(`Bearer ${token}`);

async function sql<Row>(text: string, parameters: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: stack.database.url });
  await client.connect();
  try {
    return (await client.query(text, parameters)).rows as Row[];
  } finally {
    await client.end();
  }
}

interface Entry {
  actor_email: string | null;
  outcome: string;
  session_id: string | null;
  resource_type: string;
  details: Record<string, unknown>;
}
const entries = (action: string): Promise<Entry[]> =>
  sql('SELECT * FROM audit_entries WHERE action = $1 ORDER BY sequence', [action]);

const umasMail = 'uma.patel@contoso.com';

async function send(script: Script, content: string, model?: string): Promise<void> {
  const { body: conversation } = await script.post<{ id: string }>('/api/chat/conversations', {});
  const path = `/api/chat/conversations/${conversation.id}/messages`;
  const { status, body } = await script.post<SentMessage>(path, {
    content,
    clientMessageId: randomUUID(),
    ...(model ? { model } : {}),
  });
  expect(status).toBe(202);
  const events = await script.get<string>(`/api/chat/generations/${body.generation.id}/events`);
  expect(events.body).toContain('"status":"done"');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const whole = (script: Script, message = 'Hello') =>
  script.post<WholeTurnAnswer>('/api/chat/message', { message });

beforeAll(async () => {
  // Each process remembers on its own whom it has admitted, and these tests look at one memory.
  stack = await startStack({}, { isDirect: true });
  clientId = String(stack.env.AZURE_CLIENT_ID);
  apiScope = `api://${clientId}/access_as_user`;
});
afterAll(() => stack.stop());
afterEach(async () => {
  for (const { tokenId, person } of await stack.azure.calls('token')) ownerOf.set(tokenId, person);
  await stack.azure.reset();
});

describe('an API caller', () => {
  it('is who the token says, with the roles of their groups', async () => {
    const { status, body } = await (await Script.of('uma')).get<Me>('/api/auth/me');
    expect(status).toBe(200);
    expect(body).toMatchObject({ email: umasMail, roles: ['user'], isAdmin: false });
  });

  it.each([1, 2])(
    'is believed with a token of version %i, whose audience is spelt its own way',
    async (version) => {
      await stack.azure.set({ tokens: { apiVersion: version } });
      const token = await tokenOf('adele');
      const { aud } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
        aud: string;
      };
      expect(aud).toBe(version === 1 ? `api://${clientId}` : clientId);
      const { body } = await bearer(token).get<Me>('/api/auth/me');
      expect(body).toMatchObject({ roles: ['admin'], isAdmin: true });
    },
  );

  it('has the groups that are too many for a token', async () => {
    const { body } = await (await Script.of('grace')).get<Me>('/api/auth/me');
    expect(body.roles).toEqual(['user']);
  });

  it('asks and is answered in one call, without Origin, cookie or CSRF token', async () => {
    const { status, body } = await whole(await Script.of('uma'));
    expect(status).toBe(200);
    expect(body.message).toMatchObject({ role: 'assistant', status: 'done' });
  });

  it('AUZ-05: calls the model by on-behalf-of, in their own name', async () => {
    await whole(await Script.of('adele'));
    const exchanges = (await stack.azure.calls('token')).filter(({ grant }) => grant === 'on_behalf_of');
    expect(exchanges.map(({ person, resource, status }) => [person, resource, status])).toEqual([
      ['adele', 'https://graph.microsoft.com', 200],
      ['adele', 'https://cognitiveservices.azure.com', 200],
    ]);
    const [call, ...more] = await stack.azure.calls('openai');
    expect(more).toEqual([]);
    expect(call).toMatchObject({ person: 'adele', tokenId: exchanges[1]!.tokenId, status: 200 });
  });

  it('has one token for the model as long as it lasts, and another once Azure rejects it', async () => {
    const script = await Script.of('uma');
    await whole(script);
    await whole(script);
    await stack.azure.set({ faults: { openai: [{ kind: 'unauthorized' }] } });
    expect((await whole(script)).body.message.status).toBe('done');
    const used = (await stack.azure.calls('openai')).map(({ tokenId }) => tokenId);
    expect(used[1]).toBe(used[0]);
    expect(used[2]).toBe(used[0]);
    expect(used[3]).not.toBe(used[0]);
  });

  it('AUZ-05: two of them at once each carry their own token upstream', async () => {
    const [uma, gustav] = await Promise.all([Script.of('uma'), Script.of('gustav')]);
    const turns = [1, 2, 3].flatMap((turn) => [
      send(uma, `Question ${turn}`, 'gpt-4o'),
      send(gustav, `Question ${turn}`, 'gpt-4o-mini'),
    ]);
    await Promise.all(turns);
    const calls = await stack.azure.calls('openai');
    expect(calls).toHaveLength(6);
    for (const { tokenId, person } of await stack.azure.calls('token')) ownerOf.set(tokenId, person);
    for (const { deployment, person, tokenId } of calls) {
      const asker = deployment === 'gpt-4o' ? 'uma' : 'gustav';
      expect([person, ownerOf.get(tokenId)]).toEqual([asker, asker]);
    }
  });

  it('leaves one audit entry for each token, not for each call, also when the first calls come at once', async () => {
    const before = (await entries('sign_in.succeeded')).length;
    const script = await Script.of('ulrich');
    await Promise.all([1, 2, 3, 4, 5].map(() => script.get('/api/auth/me')));
    await script.get('/api/auth/me');
    const [entry, ...more] = (await entries('sign_in.succeeded')).slice(before);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      outcome: 'success',
      session_id: null,
      resource_type: 'user',
      details: { method: 'api_bearer', clientId, roles: ['user'] },
    });
    expect(entry!.actor_email).toMatch(/^ulrich/);
    const graph = (await stack.azure.calls('token')).filter(({ person }) => person === 'ulrich');
    expect(graph.filter(({ grant }) => grant === 'on_behalf_of')).toHaveLength(1);
  });

  it('leaves what the person keeps for the browser as it was', async () => {
    const credentials = () =>
      sql(
        `SELECT version, client, encode(sealed, 'hex') AS sealed FROM token_caches
         JOIN users ON users.id = user_id WHERE email = $1`,
        [umasMail],
      );
    await whole(await Script.of('uma'));
    expect(await credentials()).toEqual([]);
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    const before = await credentials();
    expect(before).toMatchObject([{ client: 'confidential' }]);
    await whole(await Script.of('uma'));
    expect(await credentials()).toEqual(before);
    expect((await visitor.readSession())?.azureToken.status).toBe('fresh');
    await visitor.post('/api/auth/logout');
  });

  it('goes on after the same person signed out of the browser', async () => {
    const script = await Script.of('uma');
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    await visitor.post('/api/auth/logout');
    expect((await whole(script)).status).toBe(200);
  });

  it.each([
    ['GET', '/api/auth/session'],
    ['POST', '/api/auth/token'],
    ['POST', '/api/auth/refresh'],
    ['GET', '/api/auth/sessions'],
    ['DELETE', '/api/auth/sessions'],
    ['DELETE', `/api/auth/sessions/${randomUUID()}`],
  ])('has no session: %s %s is refused', async (method, path) => {
    expect(await (await Script.of('uma')).refusal(method, path)).toBe('403 forbidden');
  });

  it('cannot open a socket: that belongs to a session', async () => {
    const socket = io(`${stack.url}/chat`, {
      path: '/socket.io',
      transports: ['websocket'],
      reconnection: false,
      auth: { token: await tokenOf('uma') },
      extraHeaders: { origin: stack.url },
    });
    const refusal = await new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('connect_error', (error) =>
        resolve((error as Error & { data?: Problem }).data?.code ?? error.message),
      );
    });
    socket.close();
    expect(refusal).toBe('not_authenticated');
  });
});

describe('what an API caller may', () => {
  it('is what their role allows: a viewer reads and sends nothing', async () => {
    const viewer = await Script.of('viktor');
    expect((await viewer.get<object>('/api/chat/conversations')).status).toBe(200);
    expect(await viewer.refusal('POST', '/api/chat/conversations', {})).toBe('403 forbidden');
    expect(await viewer.refusal('POST', '/api/chat/message', { message: 'Hello' })).toBe('403 forbidden');
    expect(await stack.azure.calls('openai')).toEqual([]);
  });

  it('AUZ-10: is not what needs a recent sign-in, which a token does not show', async () => {
    const administrator = await Script.of('adele');
    const { body } = await (await Script.of('uma')).get<Me>('/api/auth/me');
    expect((await administrator.get<object>(`/api/admin/users/${body.id}`)).status).toBe(200);
    expect(await administrator.refusal('DELETE', `/api/admin/users/${body.id}`)).toBe('403 step_up_required');
    expect((await administrator.get<object>('/api/admin/sessions')).status).toBe(200);
  });

  it('AUZ-04: ends in the middle of an answer once an administrator disables the account', async () => {
    const script = await Script.of('ulrich');
    const { id } = (await script.get<Me>('/api/auth/me')).body;
    const administrator = await Script.of('adele');
    await stack.azure.set({ openai: { deltaMs: 200 } });
    const turn = whole(script, 'count to 200');
    await until(async () => (await stack.azure.calls('openai')).length === 1);
    const { status } = await administrator.send('PATCH', `/api/admin/users/${id}`, { isActive: false });
    expect(status).toBe(200);
    await until(async () => (await stack.azure.calls('openai'))[0]!.aborted);
    await turn;
    expect(await script.refusal()).toBe('401 account_disabled');
    await administrator.send('PATCH', `/api/admin/users/${id}`, { isActive: true });
  });

  it('AUZ-02: is not what is another person’s', async () => {
    const { body } = await whole(await Script.of('uma'));
    const stranger = await Script.of('adele');
    expect(await stranger.refusal('GET', `/api/chat/conversations/${body.conversationId}`)).toBe(
      '404 not_found',
    );
  });

  it('is nothing without a role, and the log says who it was', async () => {
    const script = await Script.of('nora');
    expect(await script.refusal()).toBe('403 no_role');
    expect(await script.refusal()).toBe('403 no_role');
    const failures = (await entries('sign_in.failed')).filter(({ details }) => details.code === 'no_role');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ outcome: 'failure', details: { method: 'api_bearer' } });
    expect(await sql(`SELECT 1 FROM users WHERE email LIKE 'nora%'`)).toEqual([]);
  });

  it('AUZ-04: changes with the next request once a role is taken or given', async () => {
    const script = await Script.of('ulrich');
    expect((await script.post<object>('/api/chat/conversations', {})).status).toBe(201);
    const setRoles = (roles: string) =>
      sql(`UPDATE users SET roles_from_entra = $1 WHERE email LIKE 'ulrich%'`, [roles]);
    await setRoles('{viewer}');
    expect(await script.refusal('POST', '/api/chat/conversations', {})).toBe('403 forbidden');
    await setRoles('{user}');
    expect((await script.post<object>('/api/chat/conversations', {})).status).toBe(201);
  });

  it('SES-06: is nothing from the next request on once the account is disabled here, also with a new token', async () => {
    const script = await Script.of('ulrich');
    expect((await script.get<Me>('/api/auth/me')).status).toBe(200);
    const setActive = (isActive: boolean) =>
      sql(`UPDATE users SET is_active = $1 WHERE email LIKE 'ulrich%'`, [isActive]);
    await setActive(false);
    expect(await script.refusal()).toBe('401 account_disabled');
    expect(await script.refusal('POST', '/api/chat/message', { message: 'Hello' })).toBe(
      '401 account_disabled',
    );
    expect(await (await Script.of('ulrich')).refusal()).toBe('401 account_disabled');
    expect(await stack.azure.calls('openai')).toEqual([]);
    await setActive(true);
    expect((await script.get<Me>('/api/auth/me')).status).toBe(200);
  });

  it('advisory 16: is nothing once the account is deleted', async () => {
    const script = await Script.of('ulrich');
    expect((await script.get<Me>('/api/auth/me')).status).toBe(200);
    await sql(`DELETE FROM users WHERE email LIKE 'ulrich%'`);
    expect(await script.refusal()).toBe('401 not_authenticated');
    expect(await sql(`SELECT 1 FROM users WHERE email LIKE 'ulrich%'`)).toEqual([]);
  });

  it('is nothing for somebody whom Entra has disabled', async () => {
    const script = await Script.of('gustav');
    await stack.azure.changePerson('gustav', { enabled: false });
    expect(await script.refusal()).toBe('401 not_authenticated');
  });
});

/** Each is one change to a token that would otherwise be believed. */
const flaws: [string, object][] = [
  ['OID-08 without a signature', { sign: 'none' }],
  ['OID-07 signed by somebody else', { sign: 'wrong-key' }],
  ['OID-07 whose signature is damaged', { sign: 'corrupt' }],
  ['OID-08 with a key of its own in the header', { sign: 'embedded-key' }],
  ['OID-08 signed with the client secret', { sign: 'hs256-secret' }],
  ['OID-08 signed with the public key as if it were a secret', { sign: 'hs256-public-key' }],
  [
    'OID-08 that says where its key lies',
    { sign: 'wrong-key', setHeader: { jku: 'https://evil.example/keys' } },
  ],
  ['OID-06 with a key id that nobody knows', { setHeader: { kid: 'nobody' } }],
  ['OID-06 without a key id', { removeHeader: ['kid'] }],
  ['OID-06 whose key id is no text', { setHeader: { kid: { a: 1 } } }],
  ['OID-11 that has expired', { shift: { iat: -7200, nbf: -7200, exp: -7200 } }],
  ['OID-11 that is not valid yet', { shift: { nbf: 600 } }],
  ['OID-11 without an end', { remove: ['exp'] }],
  ['OID-11 whose end is no number', { set: { exp: '2999-01-01' } }],
  [
    'OID-02 of another tenant',
    { set: { tid: otherTenant(), iss: `https://sts.windows.net/${otherTenant()}/` } },
  ],
  ['OID-02 whose issuer is another tenant', { set: { iss: `https://sts.windows.net/${otherTenant()}/` } }],
  ['OID-02 that claims another tenant', { set: { tid: otherTenant() } }],
  ['OID-02 of an issuer elsewhere', { set: { iss: 'https://evil.example/v2.0' } }],
  ['OID-02 without an issuer', { remove: ['iss'] }],
  [
    'OID-02 advisory 36: with the issuer of common metadata',
    { set: { iss: 'https://login.microsoftonline.com/{tenantid}/v2.0' } },
  ],
  ['OID-02 without a tenant', { remove: ['tid'] }],
  ['OID-02 whose tenant is no id', { set: { tid: 'contoso.com' } }],
  ['OID-03 without an object id', { remove: ['oid'] }],
  ['OID-03 whose object id is no id', { set: { oid: 'uma.patel@contoso.com' } }],
  ['OID-04 for another API', { set: { aud: 'api://33333333-3333-4333-8333-333333333333' } }],
  ['OID-04 without an audience', { remove: ['aud'] }],
  ['OID-04 for several audiences', { set: { aud: ['https://graph.microsoft.com', 'api://x'] } }],
  ['with another scope', { set: { scp: 'Files.Read' } }],
  ['with a scope that only begins like ours', { set: { scp: 'access_as_user_too' } }],
  ['without a scope', { remove: ['scp'] }],
  ['whose scopes are a list', { set: { scp: ['access_as_user'] } }],
  ['whose scope is a number', { set: { scp: 7 } }],
  [
    'of an application, not of a person',
    { remove: ['scp'], set: { idtyp: 'app', roles: ['access_as_user'] } },
  ],
  ['that says it is an application’s', { set: { idtyp: 'app' } }],
];
function otherTenant(): string {
  return '99999999-9999-4999-8999-999999999999';
}

describe('a token is refused', () => {
  it.each(flaws)('%s', async (_, flaw) => {
    const token = await spoiltToken(flaw);
    expect(await bearer(token).refusal()).toBe('401 not_authenticated');
    expect(await bearer(token).refusal('POST', '/api/chat/message', { message: 'Hello' })).toBe(
      '401 not_authenticated',
    );
    expect((await stack.azure.calls('token')).filter(({ grant }) => grant === 'on_behalf_of')).toEqual([]);
  });

  it('OID-04 for us and for somebody else', async () => {
    const token = await spoiltToken({ set: { aud: [clientId, 'https://graph.microsoft.com'] } });
    expect(await bearer(token).refusal()).toBe('401 not_authenticated');
  });

  it('OID-21 when it is an ID token', async () => {
    const { id_token: idToken } = await mint('uma', 'openid profile');
    expect(await bearer(String(idToken)).refusal()).toBe('401 not_authenticated');
  });

  it('OID-21 when it is for Graph, or for Azure OpenAI', async () => {
    for (const scope of ['User.Read', 'https://cognitiveservices.azure.com/.default'])
      expect(await bearer(await tokenOf('uma', scope)).refusal()).toBe('401 not_authenticated');
  });

  it('when an application asked for it in its own name', async () => {
    const response = await fetch(`${stack.azure.url}/${stack.env.AZURE_TENANT_ID}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: String(stack.env.AZURE_CLIENT_SECRET),
        scope: `api://${clientId}/.default`,
      }),
    });
    const { access_token: token } = (await response.json()) as TokenAnswer;
    expect(token).toBeTruthy();
    expect(await bearer(token).refusal()).toBe('401 not_authenticated');
  });

  it('advisory 18: when it comes as the session cookie', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    visitor.cookies.set('entrada_session', await tokenOf('uma'));
    expect((await visitor.get('/api/auth/me')).status).toBe(401);
  });

  it('when it comes in the address or in the body', async () => {
    const token = await tokenOf('uma');
    const nobody = new Visitor(stack.url);
    expect((await nobody.get(`/api/auth/me?access_token=${token}`)).status).toBe(401);
    const body = { message: 'Hello', access_token: token };
    expect((await nobody.post('/api/chat/message', body)).status).toBe(401);
    expect(await bearer('forged.token.here').refusal('POST', '/api/chat/message', body)).toBe(
      '401 not_authenticated',
    );
  });
});

const segment = (text: string) => Buffer.from(text).toString('base64url');

describe('advisory 22: an odd Authorization header', () => {
  it.each([
    ['a scheme alone', 'Bearer'],
    ['a scheme and blanks', 'Bearer   '],
    ['no scheme', 'a.b.c'],
    ['Basic', `Basic ${Buffer.from('uma:password').toString('base64')}`],
    ['another scheme', 'Negotiate a.b.c'],
    ['dots', 'Bearer ..'],
    ['a word', 'Bearer null'],
    ['bytes beyond ASCII', 'Bearer \u00ff\u00fe\u0080.\u00e9.x'],
    ['a tab', 'Bearer\ta.b.c'],
    ['quotes', 'Bearer "a.b.c"'],
    ['parts that are no JSON', `Bearer ${segment('{"alg":')}.${segment('{"iss":')}.AAAA`],
    ['a header that is null', `Bearer ${segment('null')}.${segment('null')}.AAAA`],
    [
      'a payload that is a list',
      `Bearer ${segment('{"alg":"RS256","typ":"JWT","kid":"a"}')}.${segment('[]')}.AAAA`,
    ],
    [
      'a payload that is no JSON',
      `Bearer ${segment('{"alg":"RS256","typ":"JWT","kid":"a"}')}.${segment('{"canary-in-a-token":')}.AAAA`,
    ],
    ['four parts', `Bearer ${segment('{}')}.${segment('{}')}.AAAA.AAAA`],
    ['five parts, encrypted', 'Bearer eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA'],
    ['twelve kilobytes', `Bearer ${'a'.repeat(12_000)}`],
    [
      'prototype names',
      `Bearer ${segment('{"alg":"RS256","kid":"__proto__","typ":"JWT"}')}.${segment('{"__proto__":{"tid":"x"}}')}.AAAA`,
    ],
  ])('with %s is a 401', async (_, authorization) => {
    expect(await rawRefusal(`Authorization: ${authorization}`)).toBe('401 not_authenticated');
  });

  it('with two values is a 401, also when one of them is good, whichever comes first', async () => {
    const good = `Bearer ${await tokenOf('uma')}`;
    expect(await rawRefusal(`Authorization: ${good}`)).toBe('200');
    for (const headers of [
      [`Authorization: ${good}, ${good}`],
      [`Authorization: ${good}`, 'Authorization: Bearer x.y.z'],
      ['Authorization: Bearer x.y.z', `authorization: ${good}`],
      [`Authorization: ${good}`, `AUTHORIZATION: ${good}`],
    ]) {
      expect(await rawRefusal(...headers)).toBe('401 not_authenticated');
    }
  });

  it.each([
    'X-Authorization',
    'Proxy-Authorization',
    'X_Authorization',
    'X-Forwarded-Access-Token',
    'X-MS-TOKEN-AAD-ACCESS-TOKEN',
    'X-MS-CLIENT-PRINCIPAL-ID',
    'X-User-Id',
  ])('advisories 10, 28: by the name of %s is none', async (name) => {
    expect(await rawRefusal(`${name}: Bearer ${await tokenOf('uma')}`)).toBe('401 not_authenticated');
  });
});

/** Past fetch, which would not send such headers. */
async function rawRefusal(...headers: string[]): Promise<string> {
  const { status, text } = await rawGet(stack.url, '/api/auth/me', headers);
  const code = /content-type: application\/problem\+json/i.test(text) && /"code":"(\w+)"/.exec(text)?.[1];
  return [status, code].filter(Boolean).join(' ');
}

describe('a token beside a cookie', () => {
  it('advisory 7: is what counts: a bad one is not made good by a session', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    expect((await visitor.get('/api/auth/me')).status).toBe(200);
    const spoilt = await spoiltToken({ sign: 'wrong-key' });
    expect((await visitor.get('/api/auth/me', { authorization: `Bearer ${spoilt}` })).status).toBe(401);
    expect((await visitor.get('/api/auth/me', { authorization: 'Bearer' })).status).toBe(401);
  });

  it('advisory 7: is what counts: a good one is not led by somebody else’s session', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'adele');
    const authorization = `Bearer ${await tokenOf('uma')}`;
    const { body } = await visitor.get<Me>('/api/auth/me', { authorization });
    expect(body.email).toBe(umasMail);
  });
});

describe('a browser’s page of another site', () => {
  it('SES-20: may not send a token that it has', async () => {
    const script = await Script.of('uma');
    const headers = { origin: 'https://evil.example' };
    const { status, body } = await script.send('POST', '/api/chat/conversations', {}, headers);
    expect([status, body.code]).toEqual([403, 'csrf_failed']);
  });

  it('is not allowed to by a preflight', async () => {
    const response = await fetch(`${stack.url}/api/chat/message`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(response.ok).toBe(false);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('what Entra says on behalf of the caller', () => {
  const failure = async (fault: object) => {
    const script = await Script.of('uma');
    await stack.azure.set({ faults: { token: [{ person: 'uma', grant: 'on_behalf_of', ...fault }] } });
    return { script, refusal: await script.refusal() };
  };

  it.each([
    ['a refusal of the token', { error: 'invalid_grant' }, '401 not_authenticated'],
    ['another step', { error: 'interaction_required' }, '401 reauthentication_required'],
    ['a rule against it', { error: 'access_denied' }, '403 sign_in_declined'],
  ])('%s refuses the caller, with an entry in the log', async (_, fault, expected) => {
    const before = (await entries('sign_in.failed')).length;
    const { refusal } = await failure(fault);
    expect(refusal).toBe(expected);
    const [entry, ...more] = (await entries('sign_in.failed')).slice(before);
    expect(more).toEqual([]);
    expect(entry!.details).toMatchObject({ method: 'api_bearer', code: expected.split(' ')[1] });
  });

  it.each([
    ['throttling', { error: 'temporarily_unavailable', status: 429 }],
    ['a fault of its own', { error: 'server_error', status: 500 }],
    ['a wrong client secret of ours', { error: 'invalid_client', status: 401 }],
  ])('%s says nothing about the caller: 503, and the next call is served', async (_, fault) => {
    const { script, refusal } = await failure(fault);
    expect(refusal).toBe('503 sign_in_unavailable');
    expect((await script.get<Me>('/api/auth/me')).status).toBe(200);
  });

  it('Graph away: 503, and nobody gets in without their groups', async () => {
    const script = await Script.of('grace');
    await stack.azure.set({ faults: { graph: [{ path: 'transitiveMemberOf', status: 503 }] } });
    expect(await script.refusal()).toBe('503 sign_in_unavailable');
    expect((await script.get<Me>('/api/auth/me')).body.roles).toEqual(['user']);
  });

  it('an ID token of somebody else: the caller is refused', async () => {
    const script = await Script.of('uma');
    const adele = await objectIdOf('adele');
    await stack.azure.set({ idTokens: [{ grant: 'on_behalf_of', set: { oid: adele } }] });
    expect(await script.refusal()).toBe('401 not_authenticated');
  });

  it('an ID token that is badly signed: the caller is refused', async () => {
    const script = await Script.of('uma');
    await stack.azure.set({ idTokens: [{ grant: 'on_behalf_of', sign: 'wrong-key' }] });
    expect(await script.refusal()).toBe('401 not_authenticated');
  });

  it('another step, only for the model: the answer says so, and nobody else’s token is taken', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    const script = await Script.of('uma');
    await script.get('/api/auth/me');
    // What was acquired for an earlier token of the same person is still good: begin without it.
    await restartApi();
    await script.get('/api/auth/me');
    await stack.azure.set({
      faults: {
        token: [
          {
            grant: 'on_behalf_of',
            resource: 'cognitiveservices',
            error: 'interaction_required',
            times: null,
          },
        ],
      },
    });
    const { body } = await whole(script);
    expect(body.message).toMatchObject({ status: 'failed', error: { code: 'reauthentication_required' } });
    expect(await stack.azure.calls('openai')).toEqual([]);
    await visitor.post('/api/auth/logout');
  });
});

describe('with a registration for several tenants', () => {
  it('OID-02: only people of an allowed one get in, and their own tenant is asked on their behalf', async () => {
    const tenant = String(stack.env.AZURE_TENANT_ID);
    await restartApi({ AZURE_TENANT_ID: 'organizations', ALLOWED_TENANTS: tenant });
    expect((await (await Script.of('uma')).get<Me>('/api/auth/me')).status).toBe(200);
    const exchange = (await stack.azure.calls('token')).find(({ grant }) => grant === 'on_behalf_of');
    expect(exchange?.path).toBe(`/${tenant}/oauth2/v2.0/token`);
    const host = stack.env.AZURE_AUTHORITY_HOST;
    for (const set of [
      { tid: otherTenant(), iss: `${host}/${otherTenant()}/v2.0` },
      { iss: `${host}/{tenantid}/v2.0` },
      { iss: `${host}/organizations/v2.0` },
    ]) {
      expect(await bearer(await spoiltToken({ set })).refusal()).toBe('401 not_authenticated');
    }
    await restartApi();
  });
});

describe('OID-17: keys', () => {
  it('that Entra has just changed are fetched', async () => {
    await (await Script.of('uma')).get('/api/auth/me');
    await stack.azure.rotateSigningKey();
    expect((await (await Script.of('uma')).get<Me>('/api/auth/me')).status).toBe(200);
  });

  it('that nobody knows are not asked for without end', async () => {
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const token = await spoiltToken({ setHeader: { kid: `nobody-${attempt}` } });
      expect(await bearer(token).refusal()).toMatch(/^401 not_authenticated|503 sign_in_unavailable$/);
    }
    expect((await stack.azure.calls('keys')).length).toBeLessThanOrEqual(10);
    expect((await (await Script.of('uma')).get<Me>('/api/auth/me')).status).toBe(200);
  });
});

describe('advisory 23: with Entra’s metadata broken, nobody gets in and the API lives', () => {
  it.each([
    ['away', { down: ['discovery'] }],
    ['without keys', { down: ['keys'] }],
    ['another tenant’s', { discovery: { set: { issuer: 'https://evil.example/v2.0' } } }],
    ['with keys elsewhere', { discovery: { set: { jwks_uri: 'https://evil.example/keys' } } }],
    ['without an address of keys', { discovery: { remove: ['jwks_uri'] } }],
    [
      'with algorithms of its own',
      { discovery: { set: { id_token_signing_alg_values_supported: ['none', 'HS256'] } } },
    ],
  ])('%s', async (name, levers) => {
    await restartApi();
    const [good, forged] = [await tokenOf('uma'), await spoiltToken({ sign: 'hs256-public-key' })];
    await stack.azure.set({ ...levers, accessTokens: [] });
    const isHarmless = name === 'with algorithms of its own';
    expect(await bearer(forged).refusal()).toBe(
      isHarmless ? '401 not_authenticated' : '503 sign_in_unavailable',
    );
    if (!isHarmless) expect(await bearer(good).refusal()).toBe('503 sign_in_unavailable');
    expect(stack.api.process.exitCode).toBeNull();
    await stack.azure.reset();
    // The document itself was in order, so it is kept for its hour.
    if (name === 'with keys elsewhere') await restartApi();
    expect((await bearer(good).get<Me>('/api/auth/me')).status).toBe(200);
    expect(await bearer(forged).refusal()).toBe('401 not_authenticated');
  });
});

describe('TOK-06', () => {
  it('no token of all these, and no part of one, is in the log of the API, and only our own lines are', async () => {
    const text = [...linesBefore, ...stack.api.lines].join('\n');
    expect(text.length).toBeGreaterThan(1000);
    expect(minted.size).toBeGreaterThan(50);
    for (const token of minted) {
      const [, payload, signature] = token.split('.');
      for (const secret of [payload, signature]) if (secret) expect(text.includes(secret)).toBe(false);
    }
    expect(text).not.toContain('canary-in-a-token');
    expect(text).not.toMatch(/AzureAD|"hostname"/);
  });
});
