import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiCallers, type Me } from '../support/api-callers.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let callers: ApiCallers;
beforeAll(async () => {
  // Each process remembers on its own whom it has admitted, and these tests look at one memory.
  stack = await startStack({}, { isDirect: true });
  callers = new ApiCallers(stack);
});
afterAll(() => stack.stop());
afterEach(() => stack.azure.reset());
const otherTenant = '99999999-9999-4999-8999-999999999999';

describe('what Entra says on behalf of the caller', () => {
  const failure = async (fault: object) => {
    const script = await callers.of('uma');
    await stack.azure.set({ faults: { token: [{ person: 'uma', grant: 'on_behalf_of', ...fault }] } });
    return { script, refusal: await script.refusal() };
  };

  it.each([
    ['a refusal of the token', { error: 'invalid_grant' }, '401 not_authenticated'],
    ['another step', { error: 'interaction_required' }, '401 reauthentication_required'],
    ['a rule against it', { error: 'access_denied' }, '403 sign_in_declined'],
  ])('%s refuses the caller, with an entry in the log', async (_, fault, expected) => {
    const before = (await callers.entries('sign_in.failed')).length;
    const { refusal } = await failure(fault);
    expect(refusal).toBe(expected);
    const [entry, ...more] = (await callers.entries('sign_in.failed')).slice(before);
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
    const script = await callers.of('grace');
    await stack.azure.set({ faults: { graph: [{ path: 'transitiveMemberOf', status: 503 }] } });
    expect(await script.refusal()).toBe('503 sign_in_unavailable');
    expect((await script.get<Me>('/api/auth/me')).body.roles).toEqual(['user']);
  });

  it('an ID token of somebody else: the caller is refused', async () => {
    const script = await callers.of('uma');
    const adele = (await stack.azure.person('adele')).id;
    await stack.azure.set({ idTokens: [{ grant: 'on_behalf_of', set: { oid: adele } }] });
    expect(await script.refusal()).toBe('401 not_authenticated');
  });

  it('an ID token that is badly signed: the caller is refused', async () => {
    const script = await callers.of('uma');
    await stack.azure.set({ idTokens: [{ grant: 'on_behalf_of', sign: 'wrong-key' }] });
    expect(await script.refusal()).toBe('401 not_authenticated');
  });

  it('another step, only for the model: the answer says so, and nobody else’s token is taken', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    const script = await callers.of('uma');
    await script.get('/api/auth/me');
    // What was acquired for an earlier token of the same person is still good: begin without it.
    await callers.restartApi();
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
    const { body } = await script.ask();
    expect(body.message).toMatchObject({ status: 'failed', error: { code: 'reauthentication_required' } });
    expect(await stack.azure.calls('openai')).toEqual([]);
    await visitor.post('/api/auth/logout');
  });
});

describe('with a registration for several tenants', () => {
  it('OID-02: only people of an allowed one get in, and their own tenant is asked on their behalf', async () => {
    const tenant = String(stack.env.AZURE_TENANT_ID);
    await callers.restartApi({ AZURE_TENANT_ID: 'organizations', ALLOWED_TENANTS: tenant });
    expect((await (await callers.of('uma')).get<Me>('/api/auth/me')).status).toBe(200);
    const exchange = (await stack.azure.calls('token')).find(({ grant }) => grant === 'on_behalf_of');
    expect(exchange?.path).toBe(`/${tenant}/oauth2/v2.0/token`);
    const host = stack.env.AZURE_AUTHORITY_HOST;
    for (const set of [
      { tid: otherTenant, iss: `${host}/${otherTenant}/v2.0` },
      { iss: `${host}/{tenantid}/v2.0` },
      { iss: `${host}/organizations/v2.0` },
    ]) {
      expect(await callers.with(await callers.spoiltToken({ set })).refusal()).toBe('401 not_authenticated');
    }
    await callers.restartApi();
  });
});

describe('OID-17: keys', () => {
  it('that Entra has just changed are fetched', async () => {
    await (await callers.of('uma')).get('/api/auth/me');
    await stack.azure.rotateSigningKey();
    expect((await (await callers.of('uma')).get<Me>('/api/auth/me')).status).toBe(200);
  });

  it('that nobody knows are not asked for without end', async () => {
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const token = await callers.spoiltToken({ setHeader: { kid: `nobody-${attempt}` } });
      expect(await callers.with(token).refusal()).toMatch(/^401 not_authenticated|503 sign_in_unavailable$/);
    }
    expect((await stack.azure.calls('keys')).length).toBeLessThanOrEqual(10);
    expect((await (await callers.of('uma')).get<Me>('/api/auth/me')).status).toBe(200);
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
    await callers.restartApi();
    const [good, forged] = [
      await callers.tokenOf('uma'),
      await callers.spoiltToken({ sign: 'hs256-public-key' }),
    ];
    await stack.azure.set({ ...levers, accessTokens: [] });
    const isHarmless = name === 'with algorithms of its own';
    expect(await callers.with(forged).refusal()).toBe(
      isHarmless ? '401 not_authenticated' : '503 sign_in_unavailable',
    );
    if (!isHarmless) expect(await callers.with(good).refusal()).toBe('503 sign_in_unavailable');
    expect(stack.api.process.exitCode).toBeNull();
    await stack.azure.reset();
    // The document itself was in order, so it is kept for its hour.
    if (name === 'with keys elsewhere') await callers.restartApi();
    expect((await callers.with(good).get<Me>('/api/auth/me')).status).toBe(200);
    expect(await callers.with(forged).refusal()).toBe('401 not_authenticated');
  });
});

it('TOK-06: no token of all these, and no part of one, is in the log, and only our own lines are', () => {
  const { log, secrets } = callers.logAndSecrets();
  expect(log.length).toBeGreaterThan(1000);
  expect(secrets.length).toBeGreaterThan(10);
  expect(secrets.filter((secret) => secret && log.includes(secret))).toEqual([]);
  expect(log).not.toMatch(/AzureAD|"hostname"/);
});
