import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import {
  base64url,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#platform';
import { authConfig, authorityHost, clientId, tenantId } from '../../../../test/support/auth.ts';
import type { EntraMetadataSource } from '../entra/entra-metadata.ts';
import { EntraBearerStrategy } from './entra-bearer.strategy.ts';

const oid = '33333333-3333-4333-8333-333333333333';
const now = Math.floor(Date.now() / 1000);
const good: JWTPayload = {
  iss: `${authorityHost}/${tenantId}/v2.0`,
  aud: clientId,
  sub: 'pairwise-subject',
  tid: tenantId,
  oid,
  scp: 'access_as_user',
  azp: clientId,
  iat: now,
  nbf: now,
  exp: now + 3600,
};

let ours: CryptoKeyPair;
let stranger: CryptoKeyPair;
let elliptic: CryptoKeyPair;
let published: JWK[];
let spki: Uint8Array;
beforeAll(async () => {
  const options = { extractable: true };
  ours = (await generateKeyPair('RS256', options)) as CryptoKeyPair;
  stranger = (await generateKeyPair('RS256', options)) as CryptoKeyPair;
  elliptic = (await generateKeyPair('ES256', options)) as CryptoKeyPair;
  published = [
    { ...(await exportJWK(ours.publicKey)), kid: 'ours', use: 'sig' },
    { ...(await exportJWK(elliptic.publicKey)), kid: 'elliptic', use: 'sig' },
  ];
  spki = new TextEncoder().encode(await exportSPKI(ours.publicKey));
});

// What is written is then the library's.
Logger.overrideLogger(false);
let written = '';
/** What nobody caught; in the API it would end the process. */
let uncaught: unknown[] = [];
const note = (error: unknown) => void uncaught.push(error);
beforeEach(() => {
  written = '';
  uncaught = [];
  // The times in the tokens are seconds from the border between good and bad.
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 });
  process.on('uncaughtException', note);
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  process.off('uncaughtException', note);
});

type Get = EntraMetadataSource['get'];
const strategyWith = (get: () => Promise<{ keys: unknown }>, changes = {}) =>
  new EntraBearerStrategy(authConfig(changes), { get: get as unknown as Get } as EntraMetadataSource);
const strategy = (changes = {}) =>
  strategyWith(() => Promise.resolve({ keys: createLocalJWKSet({ keys: published }) }), changes);

interface Flaw {
  set?: JWTPayload;
  header?: Record<string, unknown>;
  key?: () => CryptoKey | Uint8Array;
}
const tokenWith = ({ set = {}, header = {}, key = () => ours.privateKey }: Flaw = {}): Promise<string> =>
  new SignJWT({ ...good, ...set })
    .setProtectedHeader({ alg: 'RS256', kid: 'ours', typ: 'JWT', ...header })
    .sign(key());

async function verdict(token: string, changes = {}): Promise<string> {
  const bearer = await strategy(changes).verify(token);
  // What is thrown in a later turn of the loop belongs to this verdict too.
  await setTimeout(5);
  expect(uncaught).toEqual([]);
  return bearer ? 'believed' : 'refused';
}

describe('EntraBearerStrategy', () => {
  it('knows the person of a good token', async () => {
    expect(await strategy().verify(await tokenWith())).toEqual({
      tenantId,
      objectId: oid,
      clientId,
      issuedAt: new Date(now * 1000),
      expiresAt: new Date((now + 3600) * 1000),
    });
  });

  it.each<[string, Flaw, string]>([
    ['the client id', { set: { aud: clientId } }, 'believed'],
    ['the URI of the API', { set: { aud: `api://${clientId}` } }, 'believed'],
    ['a list of one', { set: { aud: [clientId] } }, 'believed'],
    ['OID-04: a list of two, one of them ours', { set: { aud: [clientId, 'x'], azp: clientId } }, 'refused'],
    ['OID-04: Graph', { set: { aud: 'https://graph.microsoft.com' } }, 'refused'],
    ['OID-04: a longer one', { set: { aud: `api://${clientId}/x` } }, 'refused'],
    ['OID-04: none', { set: { aud: undefined } }, 'refused'],
    ['OID-04: an object', { set: { aud: { [clientId]: true } as never } }, 'refused'],
  ])('audience %s', async (_, flaw, expected) => {
    expect(await verdict(await tokenWith(flaw))).toBe(expected);
  });

  it('takes the audience that is configured, and the client id', async () => {
    const changes = { API_AUDIENCE: 'api://chat.example.test' };
    expect(await verdict(await tokenWith({ set: { aud: 'api://chat.example.test' } }), changes)).toBe(
      'believed',
    );
    expect(await verdict(await tokenWith(), changes)).toBe('believed');
    expect(await verdict(await tokenWith({ set: { aud: `api://${clientId}` } }), changes)).toBe('refused');
  });

  it.each<[string, JWTPayload, string]>([
    ['expired within the tolerance', { exp: now - 30 }, 'believed'],
    ['expired beyond it', { exp: now - 90, nbf: now - 3600 }, 'refused'],
    ['not yet valid within the tolerance', { nbf: now + 30 }, 'believed'],
    ['not yet valid beyond it', { nbf: now + 90 }, 'refused'],
    ['without an end', { exp: undefined }, 'refused'],
    ['with an end that is no number', { exp: '2999' as never }, 'refused'],
    ['with a beginning that is no number', { nbf: 'soon' as never }, 'refused'],
  ])('OID-11: %s', async (_, set, expected) => {
    expect(await verdict(await tokenWith({ set: { nbf: now - 7200, ...set } }))).toBe(expected);
  });

  it.each<[string, Flaw]>([
    ['OID-07: of a stranger', { key: () => stranger.privateKey }],
    ['OID-06: with an unknown key id', { header: { kid: 'theirs' } }],
    ['OID-06: without key id', { header: { kid: undefined } }],
    ['OID-06: with x5t in its stead', { header: { kid: undefined, x5t: 'ours' } }],
    ['OID-08: HS256 with the public key', { header: { alg: 'HS256' }, key: () => spki }],
    [
      'OID-08: ES256 with a published key',
      { header: { alg: 'ES256', kid: 'elliptic' }, key: () => elliptic.privateKey },
    ],
    ['OID-08: naming the key of another', { header: { alg: 'ES256' }, key: () => elliptic.privateKey }],
    ['OID-02: of another issuer', { set: { iss: 'https://evil.example' } }],
    ['OID-02: of another tenant', { set: { iss: `https://sts.windows.net/${oid}/`, tid: oid } }],
    ['that says it is something else', { header: { typ: 'at+jwt' } }],
    ['with scopes as a list', { set: { scp: ['access_as_user'] } }],
    ['with a number for a scope', { set: { scp: 7 } }],
    ['without a scope', { set: { scp: undefined } }],
  ])('refuses a token %s, quietly', async (_, flaw) => {
    expect(await verdict(await tokenWith(flaw))).toBe('refused');
    expect(written).toBe('');
  });

  it('OID-08: refuses the embedded key and the one that lies elsewhere', async () => {
    const jwk = await exportJWK(stranger.publicKey);
    for (const header of [
      { jwk },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example/x' },
      { x5c: ['AAAA'] },
    ]) {
      expect(await verdict(await tokenWith({ header, key: () => stranger.privateKey }))).toBe('refused');
    }
  });

  it('OID-08: refuses what is not signed', async () => {
    const payload = base64url.encode(JSON.stringify(good));
    for (const alg of ['none', 'None', 'NONE', '', null, ['RS256'], 7]) {
      const header = base64url.encode(JSON.stringify({ alg, kid: 'ours', typ: 'JWT' }));
      for (const signature of ['', 'AAAA'])
        expect(await verdict(`${header}.${payload}.${signature}`)).toBe('refused');
    }
  });

  it('advisory 22: refuses what is no token at all, and writes none of it', async () => {
    const encode = (text: string) => base64url.encode(text);
    const header = encode('{"alg":"RS256","typ":"JWT","kid":"ours"}');
    for (const odd of [
      '',
      '.',
      '..',
      'a.b.c',
      `${header}.${encode('{"canary":')}.AAAA`,
      `${header}.${encode('"canary"')}.AAAA`,
      `${header}.${encode('null')}.AAAA`,
      `${header}.${encode('[1]')}.AAAA`,
      `${encode('null')}.${encode('{}')}.AAAA`,
      `${encode('{"kid":"ours"')}.${encode('{"canary":1}')}.AAAA`,
      `${header}.${encode('{}')}`,
      `${header}.${encode('{}')}.AAAA.AAAA`,
      `${header}..AAAA`,
      '\u0000.\u0000.\u0000',
    ]) {
      expect(await verdict(odd)).toBe('refused');
    }
    expect(written).toBe('');
  });

  it.each<[string, () => Promise<{ keys: unknown }>]>([
    ['there is no metadata', () => Promise.reject(new AppError('sign_in_unavailable'))],
    ['there are no keys', () => Promise.resolve({ keys: () => Promise.reject(new Error('ECONNREFUSED')) })],
  ])('advisory 23: believes nobody while %s', async (_, get) => {
    await expect(strategyWith(get).verify(await tokenWith())).rejects.toMatchObject({
      code: 'sign_in_unavailable',
    });
    await expect(strategyWith(get).verify('a.b.c')).resolves.toBeNull();
  });

  it('keeps apart what it verifies at the same time', async () => {
    const one = strategy();
    // The library waits for it; meanwhile the others begin.
    const validate = one.validate.bind(one);
    vi.spyOn(one, 'validate').mockImplementation((claims) => setTimeout(20, validate(claims)) as never);
    const others = ['44444444-4444-4444-8444-444444444444', '55555555-5555-4555-8555-555555555555'];
    const tokens = await Promise.all([
      tokenWith(),
      tokenWith({ key: () => stranger.privateKey }),
      ...others.map((id) => tokenWith({ set: { oid: id } })),
    ]);
    const found = await Promise.all(tokens.map((token) => one.verify(token)));
    expect(found.map((bearer) => bearer?.objectId)).toEqual([oid, undefined, ...others]);
  });
});
