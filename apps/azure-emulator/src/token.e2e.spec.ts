import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerDeviceCode, postForm, signInAt } from './testing/browser.ts';
import { freshEmulator, type FreshEmulator } from './testing/fresh-emulator.ts';

const REDIRECT = 'http://localhost:3000/api/auth/callback';
const VERIFIER = 'a-verifier-that-is-long-enough-for-rfc-7636-indeed';
const SCOPE = 'openid profile offline_access User.Read';
const OPENAI = 'https://cognitiveservices.azure.com/.default';

type Answer = Record<string, string> & { error_codes: number[] };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the token endpoint', () => {
  let azure: FreshEmulator;
  beforeAll(async () => {
    azure = await freshEmulator();
  });
  beforeEach(() => azure.control('DELETE', ''));
  afterAll(() => azure.stop());

  const post = async (path: string, fields: Record<string, string>, headers = {}) => {
    const response = await postForm(
      `${azure.httpUrl}/${azure.tenantId}/oauth2/v2.0/${path}`,
      fields,
      headers,
    );
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
  };
  const credentials = () => ({ client_id: azure.clientId, client_secret: azure.clientSecret });
  const redeem = (code: string, change: Record<string, string> = {}) =>
    post('token', {
      ...credentials(),
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
      scope: SCOPE,
      ...change,
    });
  const renew = (refresh_token: string, change: Record<string, string> = {}) =>
    post('token', { ...credentials(), grant_type: 'refresh_token', refresh_token, scope: OPENAI, ...change });

  const beginDevice = async () =>
    (await post('devicecode', { client_id: azure.clientId, scope: SCOPE })).body;
  const pollDevice = async (device_code: string) =>
    (await post('token', { grant_type: 'device_code', client_id: azure.clientId, device_code })).body;

  async function codeFor(person: string): Promise<string> {
    const query = new URLSearchParams({
      client_id: azure.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: SCOPE,
      nonce: 'the-nonce',
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const url = `${azure.httpUrl}/${azure.tenantId}/oauth2/v2.0/authorize?${query}`;
    return (await signInAt(url, person)).searchParams.get('code')!;
  }
  const signIn = async (person: string) => (await redeem(await codeFor(person))).body;
  const verifyIdToken = (token: string) => {
    const keys = createRemoteJWKSet(new URL(`${azure.httpUrl}/${azure.tenantId}/discovery/v2.0/keys`));
    const issuer = `${azure.httpsUrl}/${azure.tenantId}/v2.0`;
    return jwtVerify(token, keys, { issuer, audience: azure.clientId, algorithms: ['RS256'] });
  };

  describe('for a code', () => {
    it('gives verifiable tokens with the claims of Entra', async () => {
      const answer = await signIn('uma');
      const { payload } = await verifyIdToken(answer.id_token!);
      expect(payload).toMatchObject({
        ver: '2.0',
        tid: azure.tenantId,
        oid: azure.people.find(({ alias }) => alias === 'uma')!.id,
        preferred_username: 'uma.patel@contoso.com',
        nonce: 'the-nonce',
        groups: ['9a0b0000-0000-4000-8000-00000000b503'],
      });
      expect(payload.sub).not.toBe(payload.oid);
      expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600 });
    });

    it('says where to ask when there are too many groups, and counts groups inside groups', async () => {
      const many = decodeJwt((await signIn('grace')).id_token!);
      expect(many.groups).toBeUndefined();
      expect(many._claim_names).toEqual({ groups: 'src1' });
      const nested = decodeJwt((await signIn('ulrich')).id_token!);
      expect(nested.groups).toContain('9a0b0000-0000-4000-8000-00000000b503');
    });

    it('takes a code once', async () => {
      const code = await codeFor('uma');
      const answers = await Promise.all([redeem(code), redeem(code)]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
      expect((await redeem(code)).body).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
    });

    it.each([
      [{ code_verifier: 'another-verifier' }, 501481, 400],
      [{ code_verifier: '' }, 501481, 400],
      [{ redirect_uri: 'http://localhost:3000/login' }, 500112, 400],
      [{ client_secret: 'wrong' }, 7000215, 401],
      [{ client_secret: '' }, 7000218, 401],
      [{ client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46', client_secret: '' }, 700005, 400],
      [{ code: 'forged' }, 9002313, 400],
      [{ scope: `User.Read ${OPENAI}` }, 28000, 400],
      [{ grant_type: 'password' }, 70003, 400],
    ] as [Record<string, string>, number, number][])(
      'refuses %o with AADSTS%i',
      async (change, code, status) => {
        const answer = await redeem(await codeFor('uma'), change);
        expect(answer.status).toBe(status);
        expect(answer.body.error_codes).toEqual([code]);
      },
    );

    it('does not use a code up with a refusal that passes', async () => {
      const fault = { error: 'temporarily_unavailable', status: 503 };
      const code = await codeFor('uma');
      await azure.pull({ faults: { token: [fault] } });
      expect((await redeem(code)).status).toBe(503);
      expect((await redeem(code)).status).toBe(200);
      expect((await redeem(code)).status).toBe(400);
    });

    it('refuses an expired code', async () => {
      await azure.pull({ tokens: { codeSeconds: 0 } });
      expect((await redeem(await codeFor('uma'))).body.error_codes).toEqual([70008]);
    });

    it('takes the secret in the header as well, and says invalid_tenant for another tenant', async () => {
      const basic = Buffer.from(`${azure.clientId}:${azure.clientSecret}`).toString('base64');
      const fields = { grant_type: 'client_credentials', scope: OPENAI };
      const answer = await post('token', fields, { authorization: `Basic ${basic}` });
      expect(decodeJwt(answer.body.access_token!).idtyp).toBe('app');
      const elsewhere = await postForm(`${azure.httpUrl}/fabrikam.com/oauth2/v2.0/token`, fields);
      expect(await elsewhere.json()).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
    });
  });

  describe('for a refresh token', () => {
    it('gives a new one each time, for any one resource, and the old one stays good', async () => {
      const { refresh_token } = await signIn('uma');
      const first = await renew(refresh_token!);
      const second = await renew(refresh_token!, { scope: 'User.Read' });
      expect(first.body.refresh_token).not.toBe(second.body.refresh_token);
      expect(decodeJwt(first.body.access_token!).aud).toBe('https://cognitiveservices.azure.com');
      expect(decodeJwt(second.body.access_token!).aud).toBe('https://graph.microsoft.com');
    });

    it('refuses who was disabled or revoked, who comes without the secret, and a forgery', async () => {
      const { refresh_token } = await signIn('uma');
      const withoutSecret = await renew(refresh_token!, { client_secret: '' });
      expect(withoutSecret.body.error).toBe('invalid_client');
      expect((await renew(`${refresh_token}x`)).body.error_codes).toEqual([9002313]);
      await azure.control('PATCH', '/people/uma', { enabled: false });
      expect((await renew(refresh_token!)).body.error_codes).toEqual([50057]);
      await azure.control('PATCH', '/people/uma', { enabled: true });
      await azure.control('POST', '/people/uma/revoke');
      expect((await renew(refresh_token!)).body).toMatchObject({
        error: 'invalid_grant',
        suberror: 'bad_token',
      });
    });

    it('takes every secret that is registered, as while one is being replaced', async () => {
      const { refresh_token } = await signIn('uma');
      const known = azure.clientSecret;
      await azure.pull({ registration: { secrets: [known, 'the next one'] } });
      for (const client_secret of [known, 'the next one'])
        expect((await renew(refresh_token!, { client_secret })).status).toBe(200);
      await azure.pull({ registration: { secrets: ['the next one'] } });
      expect((await renew(refresh_token!)).body.error_codes).toEqual([7000215]);
    });

    it('takes each once where a test wants it strict', async () => {
      await azure.pull({ tokens: { refreshTokensOnce: true } });
      const { refresh_token } = await signIn('uma');
      const first = await renew(refresh_token!);
      expect(first.status).toBe(200);
      expect((await renew(refresh_token!)).body.error).toBe('invalid_grant');
      expect((await renew(first.body.refresh_token!)).status).toBe(200);
    });

    it('fails as a test wants it to, for whom and as often as it says', async () => {
      const [uma, viktor] = await Promise.all([signIn('uma'), signIn('viktor')]);
      const fault = { person: 'uma', grant: 'refresh_token', resource: 'cognitiveservices', times: 2 };
      await azure.pull({
        faults: { token: [{ ...fault, error: 'temporarily_unavailable', status: 503, retryAfter: 7 }] },
      });
      expect((await renew(viktor.refresh_token!)).status).toBe(200);
      const refused = await renew(uma.refresh_token!);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('7');
      expect((await renew(uma.refresh_token!)).status).toBe(503);
      expect((await renew(uma.refresh_token!)).status).toBe(200);
    });
  });

  describe('for a device code', () => {
    it('waits, tells who asks too often to slow down, and gives tokens once', async () => {
      await azure.pull({ device: { interval: 0.2 } });
      const { device_code, user_code } = await beginDevice();
      expect((await pollDevice(device_code!)).error).toBe('authorization_pending');
      await pause(210);
      await answerDeviceCode(azure.httpUrl, user_code!.toLowerCase(), 'uma');
      const answers = await Promise.all([pollDevice(device_code!), pollDevice(device_code!)]);
      expect(answers.filter((answer) => answer.access_token)).toHaveLength(1);
      expect((await pollDevice(device_code!)).error).toBe('invalid_grant');
      await azure.pull({ device: { interval: 2 } });
      const impatient = await beginDevice();
      await pollDevice(impatient.device_code!);
      expect((await pollDevice(impatient.device_code!)).error).toBe('slow_down');
      await pause(2_010);
      expect((await pollDevice(impatient.device_code!)).error).toBe('slow_down');
    });

    it('tells declined, expired and unknown apart', async () => {
      const declined = await beginDevice();
      await answerDeviceCode(azure.httpUrl, declined.user_code!, 'uma', 'decline');
      expect((await pollDevice(declined.device_code!)).error).toBe('authorization_declined');
      expect((await pollDevice('unknown')).error).toBe('bad_verification_code');
      await azure.pull({ device: { expiresIn: 0 } });
      const expired = await beginDevice();
      expect((await answerDeviceCode(azure.httpUrl, expired.user_code!, 'uma')).status).toBe(400);
      expect((await pollDevice(expired.device_code!)).error).toBe('expired_token');
    });

    it('is not used up by a refusal that passes', async () => {
      await azure.pull({ device: { interval: 0.1 } });
      const { device_code, user_code } = await beginDevice();
      await answerDeviceCode(azure.httpUrl, user_code!, 'uma');
      await azure.pull({ faults: { token: [{ error: 'temporarily_unavailable', status: 503 }] } });
      expect((await pollDevice(device_code!)).error).toBe('temporarily_unavailable');
      await pause(110);
      expect((await pollDevice(device_code!)).access_token).toBeTruthy();
    });

    it('gives nothing to who was disabled after approving', async () => {
      const { device_code, user_code } = await beginDevice();
      await answerDeviceCode(azure.httpUrl, user_code!, 'uma');
      await azure.control('PATCH', '/people/uma', { enabled: false });
      expect((await pollDevice(device_code!)).error_codes).toEqual([50057]);
    });
  });

  it('follows a rotation of the signing key, with and without the old one', async () => {
    const before = await signIn('uma');
    await azure.control('POST', '/rotate-signing-key');
    await verifyIdToken((await signIn('uma')).id_token!);
    await verifyIdToken(before.id_token!);
    await azure.control('POST', '/rotate-signing-key', { keepOld: false });
    await expect(verifyIdToken(before.id_token!)).rejects.toThrow();
  });

  it.each([
    [{ set: { iss: 'https://elsewhere.example/v2.0' } }],
    [{ set: { aud: 'another' } }],
    [{ remove: ['aud'] }],
    [{ shift: { exp: -7200 } }],
    [{ sign: 'none' }],
    [{ sign: 'wrong-key' }],
    [{ sign: 'embedded-key' }],
    [{ sign: 'hs256-secret' }],
    [{ sign: 'hs256-public-key' }],
    [{ sign: 'corrupt' }],
  ])('spoils one ID token with %o', async (alteration) => {
    await azure.pull({ idTokens: [alteration] });
    await expect(verifyIdToken((await signIn('uma')).id_token!)).rejects.toThrow();
    await verifyIdToken((await signIn('uma')).id_token!);
  });
});
