import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiCallers, type Me } from '../support/api-callers.ts';
import { rawGet } from '../support/raw-http.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { Visitor } from '../support/visitor.ts';

let stack: Stack;
let callers: ApiCallers;
beforeAll(async () => {
  // Each process remembers on its own whom it has admitted, and these tests look at one memory.
  stack = await startStack({}, { isDirect: true });
  callers = new ApiCallers(stack);
});
afterAll(() => stack.stop());
afterEach(() => stack.azure.reset());

/** Past fetch, which would not send such headers. */
async function rawRefusal(...headers: string[]): Promise<string> {
  const { status, text } = await rawGet(stack.url, '/api/auth/me', headers);
  const code = /content-type: application\/problem\+json/i.test(text) && /"code":"(\w+)"/.exec(text)?.[1];
  return [status, code].filter(Boolean).join(' ');
}

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
    const token = await callers.spoiltToken(flaw);
    expect(await callers.with(token).refusal()).toBe('401 not_authenticated');
    expect(await callers.with(token).refusal('POST', '/api/chat/message', { message: 'Hello' })).toBe(
      '401 not_authenticated',
    );
    expect((await stack.azure.calls('token')).filter(({ grant }) => grant === 'on_behalf_of')).toEqual([]);
  });

  it('OID-04 for us and for somebody else', async () => {
    const token = await callers.spoiltToken({
      set: { aud: [callers.clientId, 'https://graph.microsoft.com'] },
    });
    expect(await callers.with(token).refusal()).toBe('401 not_authenticated');
  });

  it('OID-21 when it is an ID token', async () => {
    const { id_token: idToken } = await callers.mint('uma', 'openid profile');
    expect(await callers.with(String(idToken)).refusal()).toBe('401 not_authenticated');
  });

  it('OID-21 when it is for Graph, or for Azure OpenAI', async () => {
    for (const scope of ['User.Read', 'https://cognitiveservices.azure.com/.default'])
      expect(await callers.with(await callers.tokenOf('uma', scope)).refusal()).toBe('401 not_authenticated');
  });

  it('when an application asked for it in its own name', async () => {
    const response = await fetch(`${stack.azure.url}/${stack.env.AZURE_TENANT_ID}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: callers.clientId,
        client_secret: String(stack.env.AZURE_CLIENT_SECRET),
        scope: `api://${callers.clientId}/.default`,
      }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    expect(token).toBeTruthy();
    expect(await callers.with(token).refusal()).toBe('401 not_authenticated');
  });

  it('advisory 18: when it comes as the session cookie', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    visitor.cookies.set('entrada_session', await callers.tokenOf('uma'));
    expect((await visitor.get('/api/auth/me')).status).toBe(401);
  });

  it('when it comes in the address or in the body', async () => {
    const token = await callers.tokenOf('uma');
    const nobody = new Visitor(stack.url);
    expect((await nobody.get(`/api/auth/me?access_token=${token}`)).status).toBe(401);
    const body = { message: 'Hello', access_token: token };
    expect((await nobody.post('/api/chat/message', body)).status).toBe(401);
    expect(await callers.with('forged.token.here').refusal('POST', '/api/chat/message', body)).toBe(
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
    const good = `Bearer ${await callers.tokenOf('uma')}`;
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
    expect(await rawRefusal(`${name}: Bearer ${await callers.tokenOf('uma')}`)).toBe('401 not_authenticated');
  });
});

describe('a token beside a cookie', () => {
  it('advisory 7: is what counts: a bad one is not made good by a session', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    expect((await visitor.get('/api/auth/me')).status).toBe(200);
    const spoilt = await callers.spoiltToken({ sign: 'wrong-key' });
    expect((await visitor.get('/api/auth/me', { authorization: `Bearer ${spoilt}` })).status).toBe(401);
    expect((await visitor.get('/api/auth/me', { authorization: 'Bearer' })).status).toBe(401);
  });

  it('advisory 7: is what counts: a good one is not led by somebody else’s session', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'adele');
    const authorization = `Bearer ${await callers.tokenOf('uma')}`;
    const { body } = await visitor.get<Me>('/api/auth/me', { authorization });
    expect(body.email).toBe('uma.patel@contoso.com');
  });
});

describe('a browser’s page of another site', () => {
  it('SES-20: may not send a token that it has', async () => {
    const script = await callers.of('uma');
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

it('TOK-06: no token of all these, and no part of one, is in the log, and only our own lines are', () => {
  const { log, secrets } = callers.logAndSecrets();
  expect(log.length).toBeGreaterThan(1000);
  expect(secrets.length).toBeGreaterThan(10);
  expect(secrets.filter((secret) => secret && log.includes(secret))).toEqual([]);
  expect(log).not.toContain('canary-in-a-token');
  expect(log).not.toMatch(/AzureAD|"hostname"/);
});
