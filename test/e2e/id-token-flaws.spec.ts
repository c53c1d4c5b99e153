import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SessionAnswer } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const otherTenant = '44444444-4444-4444-8444-444444444444';

describe('an Entra that misbehaves', () => {
  let stack: Stack;
  let authority: string;
  let clientId: string;
  beforeAll(async () => {
    stack = await startStack();
    authority = stack.env.AZURE_AUTHORITY_HOST ?? '';
    clientId = stack.env.AZURE_CLIENT_ID ?? '';
  });
  afterAll(() => stack.stop());
  afterEach(() => stack.azure.reset());

  /** Where the sign-in of a new browser ends, and whether it left a session. */
  async function attempt(person = 'uma') {
    const visitor = stack.visitor();
    const end = await visitor.signIn(stack.azure, person);
    const { status } = await visitor.get<SessionAnswer>('/api/auth/session');
    return { end, cookie: visitor.sessionCookie, status, visitor };
  }
  const refused = { end: '/login?error=sign_in_failed', cookie: undefined, status: 401 };
  const now = () => Math.floor(Date.now() / 1000);

  const flaws: [string, () => object][] = [
    ['OID-02: another issuer', () => ({ set: { iss: 'https://evil.example/v2.0' } })],
    [
      'OID-02: another tenant’s issuer and tid',
      () => ({ set: { iss: `${authority}/${otherTenant}/v2.0`, tid: otherTenant } }),
    ],
    ['OID-02: another tid', () => ({ set: { tid: otherTenant } })],
    ['OID-03: no sub', () => ({ remove: ['sub'] })],
    ['OID-04: another audience', () => ({ set: { aud: '55555555-5555-4555-8555-555555555555' } })],
    ['OID-04: no audience', () => ({ remove: ['aud'] })],
    [
      'OID-04: a second audience, issued to that',
      () => ({ set: { aud: [clientId, 'other'], azp: 'other' } }),
    ],
    ['OID-05: no iat', () => ({ remove: ['iat'] })],
    ['OID-07: a signature that was altered', () => ({ sign: 'corrupt' })],
    ['OID-07: a stranger’s signature', () => ({ sign: 'wrong-key' })],
    ['OID-08: alg none', () => ({ sign: 'none' })],
    ['OID-08: HS256 with the client secret', () => ({ sign: 'hs256-secret' })],
    ['OID-08: HS256 with the public key', () => ({ sign: 'hs256-public-key' })],
    ['OID-08: a key of its own in the header', () => ({ sign: 'embedded-key' })],
    [
      'OID-08: an address of keys in the header',
      () => ({ sign: 'wrong-key', setHeader: { jku: 'https://evil.example/keys', kid: 'evil' } }),
    ],
    ['OID-09: another nonce', () => ({ set: { nonce: 'of-another-sign-in' } })],
    ['OID-09: no nonce', () => ({ remove: ['nonce'] })],
    ['OID-11: expired beyond the leeway', () => ({ set: { exp: now() - 70 } })],
    ['OID-11: valid from later, beyond the leeway', () => ({ set: { nbf: now() + 80 } })],
    ['OID-11: issued later, beyond the leeway', () => ({ set: { iat: now() + 80 } })],
    ['OID-21: an access token in its place', () => ({ set: { scp: 'access_as_user' } })],
    ['no oid', () => ({ remove: ['oid'] })],
    ['groups that are no list', () => ({ set: { groups: { length: 1 } } })],
  ];
  it.each(flaws)('%s opens no session', async (_, flaw) => {
    await stack.azure.set({ idTokens: [flaw()] });
    expect(await attempt()).toMatchObject(refused);
  });

  it.each<[string, () => object]>([
    ['OID-04: a second audience, issued to us', () => ({ set: { aud: [clientId, 'other'], azp: clientId } })],
    ['OID-06: no kid, where there is one key', () => ({ removeHeader: ['kid'] })],
    ['OID-11: expired within the leeway', () => ({ set: { exp: now() - 30 } })],
    ['OID-11: valid from later, within the leeway', () => ({ set: { nbf: now() + 30, iat: now() + 30 } })],
  ])('%s does', async (_, flaw) => {
    await stack.azure.set({ idTokens: [flaw()] });
    expect(await attempt()).toMatchObject({ end: '/', status: 200 });
  });

  it('OID-09: a nonce that was good for an earlier sign-in is not for this', async () => {
    const earlier = new URL(await stack.visitor().beginSignIn()).searchParams.get('nonce');
    await stack.azure.set({ idTokens: [{ set: { nonce: earlier } }] });
    expect(await attempt()).toMatchObject(refused);
  });

  it('OID-17, OID-06: a key that is new is looked up, the old one goes on working, and kid is then required', async () => {
    await stack.azure.rotateSigningKey();
    expect(await attempt()).toMatchObject({ end: '/', status: 200 });
    await stack.azure.set({ idTokens: [{ removeHeader: ['kid'] }] });
    expect(await attempt()).toMatchObject(refused);
    await stack.azure.rotateSigningKey({ keepOld: false });
    expect(await attempt()).toMatchObject({ end: '/', status: 200 });
  });

  it('OID-17: a key that is new between the page and the token is looked up', async () => {
    const visitor = stack.visitor();
    const back = await stack.azure.approveSignIn(await visitor.beginSignIn(), 'uma');
    await stack.azure.rotateSigningKey({ keepOld: false });
    await visitor.get(back.pathname + back.search);
    expect(await visitor.readSession()).not.toBeNull();
  });

  it.each([
    ['invalid_grant', 400, 'sign_in_failed'],
    ['interaction_required', 400, 'sign_in_declined'],
    ['access_denied', 403, 'sign_in_declined'],
    ['temporarily_unavailable', 503, 'sign_in_unavailable'],
    ['invalid_client', 401, 'sign_in_unavailable'],
    ['constructor', 400, 'sign_in_failed'],
  ])('a code that is refused with %s (%i) is %s', async (error, status, code) => {
    const description = '<script>alert(1)</script> AADSTS0000';
    await stack.azure.set({
      faults: { token: [{ grant: 'authorization_code', error, status, description }] },
    });
    expect(await attempt()).toMatchObject({ end: `/login?error=${code}`, cookie: undefined });
  });

  it.each([
    ['discovery', 'known metadata is used', '/'],
    ['token', 'nobody gets in', '/login?error=sign_in_unavailable'],
    ['graph', 'nobody gets in', '/login?error=sign_in_unavailable'],
  ])('F6: while %s is away, %s', async (part, _, end) => {
    await stack.azure.set({ down: [part] });
    expect(await attempt()).toMatchObject({ end });
  });

  describe('with wrong metadata', () => {
    let inside: Visitor;
    beforeAll(async () => void ({ visitor: inside } = await attempt()));

    it.each([
      ['OID-16: another tenant’s issuer', { set: { issuer: `https://localhost/${otherTenant}/v2.0` } }],
      ['OID-16: an issuer pattern', { set: { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' } }],
      ['OID-16: keys on another host', { set: { jwks_uri: 'https://evil.example/keys' } }],
      ['OID-16: a token endpoint on another host', { set: { token_endpoint: 'https://evil.example/token' } }],
      ['OID-16: a page that is a script', { set: { authorization_endpoint: 'javascript:alert(1)' } }],
      ['advisory 23: half of it missing', { remove: ['token_endpoint'] }],
    ])('%s nobody gets in, and who is in stays in', async (_, discovery) => {
      await stack.azure.set({ discovery });
      await stack.restartApi();
      const visitor = stack.visitor();
      const begun = await visitor.beginSignIn();
      const end = begun.startsWith('/') ? begun : await visitor.signIn(stack.azure, 'uma');
      expect(end).toMatch(/^\/login\?error=sign_in_(unavailable|failed)$/);
      expect(visitor.sessionCookie).toBeUndefined();
      expect(await inside.readSession()).not.toBeNull();
      expect((await stack.visitor().get('/api/auth/session')).status).toBe(401);
    });
  });
});
