import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fetch } from '#platform';
import { authConfig } from '../../../../test/support/auth.ts';
import { EntraClient } from '../entra/entra-client.ts';
import type { EntraFetch } from '../entra/entra-fetch.ts';
import type { EntraMetadataSource } from '../entra/entra-metadata.ts';
import { deviceAuthorizationSchema, PacedNetwork } from './device-polling.ts';

/** In seconds, and none of them is waited out. */
const waits: number[] = [];
const pause = async (ms: number) => void waits.push(ms / 1000);
beforeEach(() => void waits.splice(0));

const config = authConfig();
const authority = `${config.authorityHost}/${config.tenantId}`;
const document = {
  issuer: `${authority}/v2.0`,
  authorization_endpoint: `${authority}/authorize`,
  token_endpoint: `${authority}/token`,
  device_authorization_endpoint: `${authority}/devicecode`,
  jwks_uri: `${authority}/keys`,
};
const authorization = deviceAuthorizationSchema.parse({
  device_code: 'canary-device-code',
  user_code: 'ABCD',
  verification_uri: 'https://login.example.test/device',
  expires_in: '900',
  interval: '5',
});

type Answer = string | Error | { status: number; body: object; headers?: Record<string, string> };

/** MSAL's own device flow against an Entra that gives these answers, one for each poll; the last again and again. */
function polling(answers: Answer[], polls = answers.length, mayPoll?: () => Promise<boolean>) {
  const asked: { url: string; body: string }[] = [];
  const fetch: Fetch = (input, init) => {
    asked.push({ url: String(input), body: String(init?.body) });
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (answer instanceof Error) return Promise.reject(answer);
    const { status, body, headers } =
      typeof answer === 'string' ? { status: 400, body: { error: answer }, headers: {} } : answer!;
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers: headers ?? {} }));
  };
  const nexts: number[] = [];
  const pacing = {
    authorization,
    mayPoll: (next: number) => {
      nexts.push(next);
      return mayPoll ? mayPoll() : Promise.resolve(nexts.length <= polls);
    },
  };
  const network = new PacedNetwork(fetch, pacing, pause);
  const metadata = { get: () => Promise.resolve({ json: JSON.stringify(document), document }) };
  const client = new EntraClient(config, metadata as unknown as EntraMetadataSource, { fetch } as EntraFetch);
  return { network, asked, nexts, redeem: () => client.redeemDeviceCode(network) };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );
const unavailable = { status: 503, body: { error: 'temporarily_unavailable' } };

describe('polling for a device sign-in', () => {
  it('DEV-03: waits out the interval before every poll, the first included', async () => {
    const { redeem, asked } = polling(['authorization_pending', 'authorization_pending', 'expired_token']);
    expect(await failureOf(redeem())).toMatchObject({ refusal: { error: 'expired_token' } });
    expect(asked).toHaveLength(3);
    expect(waits).toEqual([5, 5, 5]);
  });

  it('DEV-03: slow_down lengthens the interval by 5 s for all later polls', async () => {
    const answers = [
      'slow_down',
      'authorization_pending',
      'slow_down',
      'authorization_pending',
      'expired_token',
    ];
    const { redeem, nexts } = polling(answers);
    await failureOf(redeem());
    expect(waits).toEqual([5, 10, 10, 15, 15]);
    expect(nexts).toEqual([5, 10, 10, 15, 15]);
  });

  it('DEV-03: also for those after a failure in between', async () => {
    const { redeem } = polling(['slow_down', unavailable, 'authorization_pending', 'expired_token']);
    expect(await failureOf(redeem())).toMatchObject({ failureClass: 'transient' });
    expect(await failureOf(redeem())).toMatchObject({ refusal: { error: 'expired_token' } });
    expect(waits).toEqual([5, 10, 10, 10]);
  });

  it('asks the token endpoint only, with the code that was given out', async () => {
    const { redeem, asked } = polling(['authorization_pending', 'expired_token']);
    await failureOf(redeem());
    expect(asked.map(({ url }) => url.split('?')[0])).toEqual([
      document.token_endpoint,
      document.token_endpoint,
    ]);
    expect(new URLSearchParams(asked[0]?.body).get('device_code')).toBe(authorization.device_code);
  });

  it('DEV-04: ends without a further call when the attempt is over', async () => {
    const { redeem, network, asked } = polling(['authorization_pending'], 3);
    await failureOf(redeem());
    expect(network.hasEnded).toBe(true);
    expect(asked).toHaveLength(3);
  });

  it.each<[string, Answer, string]>([
    ['Entra cannot be reached', new TypeError('fetch failed'), 'transient'],
    ['Entra is down', unavailable, 'transient'],
    [
      'Entra is busy',
      { status: 429, body: { error: 'slow' }, headers: { 'retry-after': '60' } },
      'transient',
    ],
    ['it was declined', 'authorization_declined', 'sign_in_again'],
    ['the code is unknown', 'bad_verification_code', 'sign_in_again'],
    ['a rule blocks it', 'access_denied', 'blocked'],
    ['the application may not do this', 'unauthorized_client', 'operator'],
  ])('DEV-04: after a pending poll, %s means what it says', async (_, answer, failureClass) => {
    const { redeem } = polling(['authorization_pending', answer]);
    expect(await failureOf(redeem())).toMatchObject({ failureClass });
  });

  it('F1: a database that cannot be asked for leave is no refusal by Entra', async () => {
    const leave = vi.fn().mockResolvedValueOnce(true).mockRejectedValue(new Error('ECONNREFUSED'));
    const { redeem, network } = polling(['authorization_pending'], 9, leave);
    expect(await failureOf(redeem())).toMatchObject({ failureClass: 'transient', refusal: null });
    expect(network.hasEnded).toBe(false);
  });

  it('DEV-02: no failure shows the code', async () => {
    const failures = await Promise.all(
      [['authorization_declined'], [new TypeError('fetch failed')]].map((answers) =>
        failureOf(polling(answers).redeem()),
      ),
    );
    for (const failure of failures as Error[])
      expect(`${failure.stack} ${String(failure.cause)}`).not.toContain('canary');
  });
});

describe('what Entra says of a device sign-in', () => {
  it.each([
    ['no code', { device_code: '' }],
    ['no page', { verification_uri: undefined }],
    ['a page that is a script', { verification_uri: 'javascript:alert(1)' }],
    ['no time', { expires_in: 0 }],
    ['a pace of nothing', { interval: 0 }],
  ])('is refused with %s', (_, change) => {
    expect(deviceAuthorizationSchema.safeParse({ ...authorization, ...change }).success).toBe(false);
  });

  it('has a pace of 5 s where it names none (RFC 8628, 3.2)', () => {
    expect(deviceAuthorizationSchema.parse({ ...authorization, interval: undefined }).interval).toBe(5);
  });
});
