import { createHash } from 'node:crypto';
import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from '@azure/msal-node';
import { decodeJwt, exportPKCS8 } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKey, toSigningKey } from './signing-keys.ts';
import { answerDeviceCode, signInAt } from './testing/browser.ts';
import { freshEmulator, type FreshEmulator } from './testing/fresh-emulator.ts';
import { networkClient } from './testing/network-client.ts';

const REDIRECT = 'http://localhost:3000/api/auth/callback';
const GRAPH_SCOPES = ['openid', 'profile', 'email', 'offline_access', 'User.Read', 'GroupMember.Read.All'];
const OPENAI_SCOPES = ['https://cognitiveservices.azure.com/.default'];

async function newCertificate() {
  const { privateKey, published } = await toSigningKey(await createKey());
  const der = Buffer.from(published.x5c![0]!, 'base64');
  const body = der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    pem: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
    privateKey: await exportPKCS8(privateKey),
    thumbprintSha256: createHash('sha256').update(der).digest('hex'),
  };
}

async function signIn(
  client: ConfidentialClientApplication,
  person: string,
  claims?: string,
  number?: string,
) {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const url = await client.getAuthCodeUrl({
    scopes: GRAPH_SCOPES,
    redirectUri: REDIRECT,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    state: 'the-state',
    nonce: 'the-nonce',
    claims,
  });
  const back = await signInAt(url, person, number ? { number } : {});
  if (back.searchParams.has('error')) throw new Error(back.href);
  expect(back.searchParams.get('state')).toBe('the-state');
  return client.acquireTokenByCode({
    code: back.searchParams.get('code')!,
    codeVerifier: verifier,
    scopes: GRAPH_SCOPES,
    redirectUri: REDIRECT,
    nonce: 'the-nonce',
    claims,
  });
}

describe('MSAL Node takes the emulator for Entra', () => {
  let azure: FreshEmulator;
  beforeAll(async () => {
    azure = await freshEmulator();
  });
  beforeEach(() => azure.control('DELETE', ''));
  afterAll(() => azure.stop());

  const configuration = () => ({
    auth: {
      clientId: azure.clientId,
      clientSecret: azure.clientSecret,
      authority: `${azure.httpsUrl}/${azure.tenantId}`,
      knownAuthorities: [new URL(azure.httpsUrl).host],
      clientCapabilities: ['cp1'],
    },
    system: { networkClient: networkClient(azure.ca) },
  });

  it('signs in with a code, then gets a token for another resource silently and from its cache', async () => {
    const client = new ConfidentialClientApplication(configuration());
    const signedIn = await signIn(client, 'uma');
    expect(signedIn.account!.homeAccountId).toBe(`${signedIn.account!.localAccountId}.${azure.tenantId}`);
    expect(signedIn.idTokenClaims).toMatchObject({
      name: 'Uma Patel',
      tid: azure.tenantId,
      nonce: 'the-nonce',
    });

    const account = signedIn.account!;
    const first = await client.acquireTokenSilent({ account, scopes: OPENAI_SCOPES });
    const second = await client.acquireTokenSilent({ account, scopes: OPENAI_SCOPES });
    expect(first.fromCache).toBe(false);
    expect(second.fromCache).toBe(true);
    expect(decodeJwt(second.accessToken)).toMatchObject({
      aud: 'https://cognitiveservices.azure.com',
      scp: 'user_impersonation',
      xms_cc: ['cp1'],
      oid: account.localAccountId,
    });
    const graph = await client.acquireTokenSilent({ account, scopes: ['User.Read'] });
    expect(graph.fromCache).toBe(true);
  });

  it('refreshes an expired token', async () => {
    await azure.pull({ tokens: { accessSeconds: 1 } });
    const client = new ConfidentialClientApplication(configuration());
    const { account } = await signIn(client, 'uma');
    const first = await client.acquireTokenSilent({ account: account!, scopes: OPENAI_SCOPES });
    await azure.pull({ tokens: { accessSeconds: 3600 } });
    const second = await client.acquireTokenSilent({ account: account!, scopes: OPENAI_SCOPES });
    expect(second.fromCache).toBe(false);
    expect(decodeJwt(second.accessToken).uti).not.toBe(decodeJwt(first.accessToken).uti);
  });

  it('tells a revoked grant from a throttled call', async () => {
    const client = new ConfidentialClientApplication(configuration());
    const { account } = await signIn(client, 'uma');
    const renew = (scopes: string[]) =>
      client.acquireTokenSilent({ account: account!, scopes, forceRefresh: true });
    await azure.pull({
      faults: {
        token: [{ grant: 'refresh_token', error: 'temporarily_unavailable', status: 429, retryAfter: 30 }],
      },
    });
    await expect(renew(OPENAI_SCOPES)).rejects.toMatchObject({ errorCode: 'temporarily_unavailable' });
    await azure.control('POST', '/people/uma/revoke');
    // MSAL does not ask again for what it was throttled on, so this is for another resource.
    await expect(renew(['User.Read'])).rejects.toMatchObject({
      name: 'InteractionRequiredAuthError',
      errorCode: 'invalid_grant',
    });
  });

  it('hands on the claims that a refresh is refused for, and is content once they are fulfilled', async () => {
    const client = new ConfidentialClientApplication(configuration());
    const { account } = await signIn(client, 'uma');
    await azure.pull({ conditionalAccess: [{ person: 'uma', at: 'token', resource: 'cognitiveservices' }] });
    const refusal = (await client
      .acquireTokenSilent({ account: account!, scopes: OPENAI_SCOPES })
      .catch((error: unknown) => error)) as { errorCode: string; claims: string };
    expect(refusal.errorCode).toBe('interaction_required');

    const again = await signIn(client, 'uma', refusal.claims, '42');
    const token = await client.acquireTokenSilent({ account: again.account!, scopes: OPENAI_SCOPES });
    expect(decodeJwt(token.accessToken).acrs).toEqual(['c1']);
  });

  it('signs in with a device code, polling until somebody answers', async () => {
    await azure.pull({ device: { interval: 1 } });
    const { auth, system } = configuration();
    const client = new PublicClientApplication({ auth: { ...auth, clientSecret: undefined }, system });
    const result = await client.acquireTokenByDeviceCode({
      scopes: GRAPH_SCOPES,
      deviceCodeCallback: ({ userCode, verificationUri }) => {
        expect(verificationUri).toBe(`${azure.httpUrl}/devicelogin`);
        setTimeout(() => void answerDeviceCode(azure.httpUrl, userCode, 'viktor'), 1500);
      },
    });
    expect(result!.account!.name).toBe('Viktor Holm');
    const silent = await client.acquireTokenSilent({ account: result!.account!, scopes: OPENAI_SCOPES });
    expect(decodeJwt(silent.accessToken).oid).toBe(result!.account!.localAccountId);
  });

  it('calls another API on behalf of whoever called it', async () => {
    const client = new ConfidentialClientApplication(configuration());
    const { account } = await signIn(client, 'uma');
    const own = [`api://${azure.clientId}/access_as_user`];
    const { accessToken } = await client.acquireTokenSilent({ account: account!, scopes: own });
    expect(decodeJwt(accessToken)).toMatchObject({ aud: azure.clientId, ver: '2.0', scp: 'access_as_user' });
    const downstream = await client.acquireTokenOnBehalfOf({
      oboAssertion: accessToken,
      scopes: OPENAI_SCOPES,
    });
    expect(decodeJwt(downstream!.accessToken)).toMatchObject({ oid: account!.localAccountId });
  });

  it('signs in with a certificate, which is verified when it is registered', async () => {
    const [own, stranger] = await Promise.all([newCertificate(), newCertificate()]);
    await azure.pull({ registration: { certificate: own.pem } });
    const ask = ({ privateKey, thumbprintSha256 }: typeof own) => {
      const { auth, system } = configuration();
      const clientCertificate = { privateKey, thumbprintSha256 };
      const client = new ConfidentialClientApplication({
        auth: { ...auth, clientSecret: undefined, clientCertificate },
        system,
      });
      return client.acquireTokenByClientCredential({ scopes: OPENAI_SCOPES });
    };
    expect(decodeJwt((await ask(own))!.accessToken).idtyp).toBe('app');
    await expect(ask(stranger)).rejects.toMatchObject({ errorCode: 'invalid_client' });
  });
});
