import {
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#platform';
import { FakeClock } from '#platform/testing';
import { authConfig, authorityHost, clientId, tenantId } from '../../../../test/support/auth.ts';
import type { EntraMetadataSource } from './entra-metadata.ts';
import { IdTokenVerifier } from './id-token.ts';

type Key = CryptoKey | Uint8Array;
interface Flaw {
  set?: JWTPayload;
  remove?: string[];
  header?: Record<string, unknown>;
  key?: () => Key;
}

const clock = new FakeClock(new Date('2026-03-01T08:00:00Z'));
const now = clock.now().getTime() / 1000;
const oid = '33333333-3333-4333-8333-333333333333';
const otherTenant = '44444444-4444-4444-8444-444444444444';
const nonce = 'the-nonce-of-this-sign-in';
const good: JWTPayload = {
  iss: `${authorityHost}/${tenantId}/v2.0`,
  aud: clientId,
  sub: 'pairwise-subject',
  tid: tenantId,
  oid,
  nonce,
  iat: now,
  nbf: now,
  exp: now + 3600,
};

let ours: CryptoKeyPair;
let stranger: CryptoKeyPair;
let ourJwk: JWK;
let strangerJwk: JWK;
let spki: Uint8Array;
beforeAll(async () => {
  const options = { extractable: true };
  ours = (await generateKeyPair('RS256', options)) as CryptoKeyPair;
  stranger = (await generateKeyPair('RS256', options)) as CryptoKeyPair;
  ourJwk = { ...(await exportJWK(ours.publicKey)), kid: 'ours', use: 'sig' };
  strangerJwk = { ...(await exportJWK(stranger.publicKey)), kid: 'theirs' };
  spki = new TextEncoder().encode(await exportSPKI(ours.publicKey));
});

const secret = new TextEncoder().encode('a-secret-of-no-value');
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function tokenWith({
  set = {},
  remove = [],
  header = {},
  key = () => ours.privateKey,
}: Flaw = {}): Promise<string> {
  const claims: JWTPayload = { ...good, ...set };
  remove.forEach((name) => delete claims[name]);
  const whole = { alg: 'RS256', kid: 'ours', typ: 'JWT', ...header };
  if (whole.kid === undefined) delete (whole as { kid?: string }).kid;
  return new SignJWT(claims).setProtectedHeader(whole).sign(key());
}

/** By the right key, as Entra never does it. */
async function signedOtherwise(): Promise<string> {
  const key = await importJWK({ ...(await exportJWK(ours.privateKey)), alg: 'RS512' }, 'RS512');
  return tokenWith({ header: { alg: 'RS512' }, key: () => key });
}

/** Entra as far as the verifier knows it: the keys that it publishes. */
const entraWith = (...keys: JWK[]) =>
  ({ get: () => Promise.resolve({ keys: createLocalJWKSet({ keys }) }) }) as unknown as EntraMetadataSource;
const verify = (token: string, expected: string | null = nonce, keys = [ourJwk], changes = {}) =>
  new IdTokenVerifier(authConfig(changes), clock, entraWith(...keys)).verify(token, expected);

/** The code of the failure; null where the token is believed. */
const failureOf = async (token: string | Promise<string>, expected: string | null = nonce) =>
  verify(await token, expected).then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe('an ID token', () => {
  it('OID-07: of Entra, for us, for this sign-in, is believed', async () => {
    expect(await verify(await tokenWith())).toMatchObject({ tid: tenantId, oid, sub: 'pairwise-subject' });
  });

  it('names tenant and person in one spelling', async () => {
    const shouting = { set: { oid: 'ABCDEF00-0000-4000-8000-000000000001', tid: tenantId.toUpperCase() } };
    expect(await verify(await tokenWith(shouting))).toMatchObject({
      oid: 'abcdef00-0000-4000-8000-000000000001',
      tid: tenantId,
    });
  });

  it.each<[string, Flaw]>([
    ['OID-02: of another tenant', { set: { iss: `${authorityHost}/${otherTenant}/v2.0` } }],
    [
      'OID-02: of another tenant that says so twice',
      { set: { iss: `${authorityHost}/${otherTenant}/v2.0`, tid: otherTenant } },
    ],
    ['OID-02: of this tenant’s issuer with another tid', { set: { tid: otherTenant } }],
    ['OID-02: of another host', { set: { iss: `https://evil.example/${tenantId}/v2.0` } }],
    ['OID-02: of the v1.0 issuer', { set: { iss: `https://sts.windows.net/${tenantId}/` } }],
    ['OID-02: with the tenant-independent issuer', { set: { iss: `${authorityHost}/{tenantid}/v2.0` } }],
    ['OID-02: with a longer issuer', { set: { iss: `${good.iss}/` } }],
    ['OID-02: without issuer', { remove: ['iss'] }],
    ['OID-03: without sub', { remove: ['sub'] }],
    ['OID-03: with an empty sub', { set: { sub: '' } }],
    ['without tid', { remove: ['tid'] }],
    ['without oid', { remove: ['oid'] }],
    ['with an oid that is no GUID', { set: { oid: 'admin' } }],
    ['OID-04: for another application', { set: { aud: '55555555-5555-4555-8555-555555555555' } }],
    ['OID-04: for nobody', { remove: ['aud'] }],
    ['OID-04: for an empty list', { set: { aud: [] } }],
    ['OID-04: for our API', { set: { aud: `api://${clientId}` } }],
    ['OID-04: for us and another, issued to nobody', { set: { aud: [clientId, 'other'] } }],
    ['OID-04: for us and another, issued to the other', { set: { aud: [clientId, 'other'], azp: 'other' } }],
    ['OID-04: for us, issued to another', { set: { azp: 'other' } }],
    ['OID-05: without iat', { remove: ['iat'] }],
    ['OID-05: of the future', { set: { iat: now + 61 } }],
    ['OID-09: with another nonce', { set: { nonce: 'of an earlier sign-in' } }],
    ['OID-09: without nonce', { remove: ['nonce'] }],
    ['OID-09: with an empty nonce', { set: { nonce: '' } }],
    ['OID-11: expired, leeway included', { set: { exp: now - 60 } }],
    ['OID-11: without end', { remove: ['exp'] }],
    ['OID-11: not yet valid, leeway included', { set: { nbf: now + 61 } }],
    ['OID-11: with an end that is no number', { set: { exp: 'never' as unknown as number } }],
  ])('%s is refused', async (_, flaw) => {
    expect(await failureOf(tokenWith(flaw))).toBe('sign_in_failed');
  });

  it.each<[string, Flaw]>([
    ['OID-04: for us and another, issued to us', { set: { aud: [clientId, 'other'], azp: clientId } }],
    ['OID-11: expired within the leeway', { set: { exp: now - 59 } }],
    ['OID-11: not yet valid within the leeway', { set: { nbf: now + 60, iat: now + 60 } }],
  ])('%s is believed', async (_, flaw) => {
    expect(await verify(await tokenWith(flaw))).toMatchObject({ oid });
  });
});

describe('the signature of an ID token', () => {
  it.each<[string, () => string | Promise<string>]>([
    ['OID-07: by a stranger', () => tokenWith({ key: () => stranger.privateKey })],
    ['OID-07: altered', async () => (await tokenWith()).replace(/\.[^.]{3}([^.]*)$/, '.AAA$1')],
    [
      'OID-07: over other claims',
      async () => {
        const [header, , signature] = (await tokenWith()).split('.');
        return `${header}.${part({ ...good, oid: otherTenant })}.${signature}`;
      },
    ],
    ['OID-07: missing', async () => (await tokenWith()).replace(/[^.]*$/, '')],
    ['OID-08: alg none', () => `${part({ alg: 'none', typ: 'JWT' })}.${part(good)}.`],
    ['OID-08: alg None with kid', () => `${part({ alg: 'None', kid: 'ours' })}.${part(good)}.`],
    [
      'OID-08: HS256 with the client secret',
      () => tokenWith({ header: { alg: 'HS256' }, key: () => secret }),
    ],
    ['OID-08: HS256 with our public key', () => tokenWith({ header: { alg: 'HS256' }, key: () => spki })],
    [
      'OID-08: a key inside the token',
      () => tokenWith({ header: { jwk: strangerJwk }, key: () => stranger.privateKey }),
    ],
    [
      'OID-08: a key inside the token, by its own name',
      () => tokenWith({ header: { kid: 'theirs', jwk: strangerJwk }, key: () => stranger.privateKey }),
    ],
    [
      'OID-08: an address of keys',
      () =>
        tokenWith({
          header: { jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert' },
          key: () => stranger.privateKey,
        }),
    ],
    [
      'OID-08: a critical extension',
      () => tokenWith({ header: { crit: ['exp'], exp: now } }).catch(() => 'x.y.z'),
    ],
    ['OID-08: another algorithm, by our own key', () => signedOtherwise()],
    ['an unknown kid', () => tokenWith({ header: { kid: 'nobody' } })],
    ['no JWT at all', () => 'not-a-token'],
    ['nothing', () => ''],
    ['an encrypted token', () => `${part({ alg: 'dir', enc: 'A256GCM' })}.a.b.c.d`],
  ])('%s is refused', async (_, token) => {
    expect(await failureOf(token())).toBe('sign_in_failed');
  });

  it('OID-06: without kid is found where Entra publishes one key', async () => {
    expect(await verify(await tokenWith({ header: { kid: undefined } }))).toMatchObject({ oid });
  });

  it('OID-06: without kid is refused cleanly where Entra publishes several', async () => {
    const token = await tokenWith({ header: { kid: undefined } });
    await expect(verify(token, nonce, [ourJwk, strangerJwk])).rejects.toMatchObject({
      code: 'sign_in_failed',
    });
  });

  it('says nothing of the token to the caller', async () => {
    const token = await tokenWith({ set: { nonce: 'canary-nonce' } });
    const failure = (await verify(token).catch((error: unknown) => error)) as AppError;
    expect(JSON.stringify(failure) + failure.message + String(failure.cause)).not.toMatch(/canary|eyJ/);
  });
});

describe('where the flow has no nonce (device code)', () => {
  it('DEV-11: the token must still pass every other check', async () => {
    expect(await verify(await tokenWith({ remove: ['nonce'] }), null)).toMatchObject({ oid });
    expect(await failureOf(tokenWith({ set: { aud: 'other' } }), null)).toBe('sign_in_failed');
    expect(await failureOf(tokenWith({ set: { iss: 'https://evil.example/' } }), null)).toBe(
      'sign_in_failed',
    );
    expect(await failureOf(tokenWith({ key: () => stranger.privateKey }), null)).toBe('sign_in_failed');
  });

  it.each<[string, JWTPayload]>([
    ['a token with scopes', { scp: 'access_as_user', azp: clientId, nonce: undefined }],
    ['a token of an application', { idtyp: 'app', nonce: undefined }],
  ])('OID-21: %s for our own API is not an ID token', async (_, set) => {
    expect(await failureOf(tokenWith({ set }), null)).toBe('sign_in_failed');
  });
});

describe('an application for several tenants', () => {
  const several = { AZURE_TENANT_ID: 'organizations' as const, ALLOWED_TENANTS: [tenantId] };
  const believed = (set: JWTPayload) =>
    tokenWith({ set }).then((token) => verify(token, nonce, [ourJwk], several));

  it('advisory 36: takes the issuer of an allowed tenant and of no other', async () => {
    expect(await believed({})).toMatchObject({ tid: tenantId });
    const foreign = { iss: `${authorityHost}/${otherTenant}/v2.0`, tid: otherTenant };
    await expect(believed(foreign)).rejects.toMatchObject({ code: 'sign_in_failed' });
    await expect(believed({ iss: foreign.iss })).rejects.toMatchObject({ code: 'sign_in_failed' });
    await expect(believed({ iss: `${authorityHost}/organizations/v2.0` })).rejects.toMatchObject({
      code: 'sign_in_failed',
    });
  });
});
