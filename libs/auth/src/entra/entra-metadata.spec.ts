import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '#platform';
import { FakeClock } from '#platform/testing';
import { authConfig, authorityHost, tenantId } from '../../../../test/support/auth.ts';
import type { EntraFetch } from './entra-fetch.ts';
import { EntraMetadataSource } from './entra-metadata.ts';

const document = {
  issuer: `${authorityHost}/${tenantId}/v2.0`,
  authorization_endpoint: `${authorityHost}/${tenantId}/oauth2/v2.0/authorize`,
  token_endpoint: `${authorityHost}/${tenantId}/oauth2/v2.0/token`,
  jwks_uri: `${authorityHost}/${tenantId}/discovery/v2.0/keys`,
};

/** What Entra answers, by address; and how often it was asked. */
function entra(config = authConfig()) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const state = { document: document as object, status: 200, isDown: false, keys: [] as object[] };
  const fetch: Fetch = (input) => {
    const url = String(input);
    asked.push(url);
    if (state.isDown) return Promise.reject(new TypeError('fetch failed'));
    const body = url.includes('openid-configuration') ? state.document : { keys: state.keys };
    return Promise.resolve(new Response(JSON.stringify(body), { status: state.status }));
  };
  const source = new EntraMetadataSource(config, clock, { fetch } as EntraFetch);
  return { source, clock, asked, state };
}

describe('Entra’s metadata', () => {
  it('is fetched once for many callers, and again after an hour', async () => {
    const { source, clock, asked } = entra();
    await Promise.all(Array.from({ length: 20 }, () => source.get()));
    expect(asked).toHaveLength(1);
    clock.advanceSeconds(3599);
    await source.get();
    expect(asked).toHaveLength(1);
    clock.advanceSeconds(1);
    await source.get();
    expect(asked).toHaveLength(2);
  });

  it.each([
    [
      'another tenant on the same host',
      { issuer: `${authorityHost}/44444444-4444-4444-8444-444444444444/v2.0` },
    ],
    ['another host', { issuer: `https://evil.example/${tenantId}/v2.0` }],
    ['a pattern that fits every tenant', { issuer: `${authorityHost}/{tenantid}/v2.0` }],
    ['a longer address', { issuer: `${document.issuer}/` }],
    ['nothing', { issuer: undefined }],
    ['a page that is no web address', { authorization_endpoint: 'javascript:alert(1)' }],
    ['keys on another host', { jwks_uri: 'https://evil.example/keys' }],
    ['keys on a longer name', { jwks_uri: document.jwks_uri.replace('://', '://x.') }],
    ['keys without TLS', { jwks_uri: document.jwks_uri.replace('https', 'http') }],
    ['a token endpoint on another host', { token_endpoint: 'https://evil.example/token' }],
    ['a device endpoint on another host', { device_authorization_endpoint: 'https://evil.example/code' }],
    ['a way out that is no web address', { end_session_endpoint: 'data:text/html,x' }],
  ])('OID-16: that names %s is refused', async (_, change) => {
    const { source, state } = entra();
    state.document = { ...document, ...change };
    await expect(source.get()).rejects.toMatchObject({ code: 'sign_in_unavailable' });
    expect(source.fetchedAt).toBeNull();
  });

  it('OID-16: is asked for again as soon as one was refused', async () => {
    const { source, state } = entra();
    state.document = { ...document, jwks_uri: 'https://evil.example/keys' };
    await expect(source.get()).rejects.toMatchObject({ code: 'sign_in_unavailable' });
    state.document = document;
    await expect(source.get()).resolves.toMatchObject({ document });
  });

  it('advisory 36: of the tenant-independent authority may name the pattern, where tenants are listed', async () => {
    const { source, state } = entra(authConfig({ AZURE_TENANT_ID: 'common', ALLOWED_TENANTS: [tenantId] }));
    state.document = { ...document, issuer: `${authorityHost}/{tenantid}/v2.0` };
    await expect(source.get()).resolves.toBeDefined();
    state.document = document;
  });

  it.each([[{ status: 500 }], [{ isDown: true }], [{ document: [] }]])(
    'advisory 23: broken by %j refuses sign-in',
    async (fault) => {
      const { source, state } = entra();
      Object.assign(state, fault);
      await expect(source.get()).rejects.toMatchObject({ code: 'sign_in_unavailable' });
    },
  );

  it('F6: that was good is used for a day while Entra is away, and no longer', async () => {
    const { source, clock, state } = entra();
    const known = await source.get();
    state.isDown = true;
    clock.advanceSeconds(24 * 3600 - 1);
    expect(await source.get()).toBe(known);
    clock.advanceSeconds(1);
    await expect(source.get()).rejects.toMatchObject({ code: 'sign_in_unavailable' });
    state.isDown = false;
    await expect(source.get()).resolves.toBeDefined();
  });
});

const newKey = async (kid: string) => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  return { token, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256' } };
};

describe('Entra’s signing keys', () => {
  it('OID-17: are asked for again when a token names one that is new', async () => {
    const { source, state } = entra();
    const [old, fresh] = [await newKey('old'), await newKey('fresh')];
    state.keys = [old.jwk];
    const { keys } = await source.get();
    await jwtVerify(old.token, keys);
    state.keys = [fresh.jwk];
    await expect(jwtVerify(fresh.token, keys)).resolves.toBeDefined();
    await expect(jwtVerify(old.token, keys)).rejects.toThrow();
  });

  it('OID-17: are asked for at most ten times a minute, however many unknown keys are named', async () => {
    const { source, state, asked, clock } = entra();
    const [known, unknown] = [await newKey('known'), await newKey('unknown')];
    state.keys = [known.jwk];
    const { keys } = await source.get();
    const tryAll = async () => {
      for (let count = 0; count < 30; count += 1) await jwtVerify(unknown.token, keys).catch(() => undefined);
      return asked.filter((url) => url.includes('keys')).length;
    };
    expect(await tryAll()).toBe(10);
    await expect(jwtVerify(known.token, keys)).resolves.toBeDefined();
    clock.advanceSeconds(60);
    expect(await tryAll()).toBe(20);
  });
});
