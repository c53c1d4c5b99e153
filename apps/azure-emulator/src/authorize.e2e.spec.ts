import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postForm } from './testing/browser.ts';
import { freshEmulator, type FreshEmulator } from './testing/fresh-emulator.ts';

const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const sentBack = (response: Response) => new URL(response.headers.get('location')!).searchParams;
const cookieOf = (response: Response) => response.headers.get('set-cookie')!.split(';')[0]!;

describe('the authorization endpoint', () => {
  let azure: FreshEmulator;
  beforeAll(async () => {
    azure = await freshEmulator({ logoutUrl: 'http://localhost:3000/api/auth/front-channel-logout' });
  });
  beforeEach(() => azure.control('DELETE', ''));
  afterAll(() => azure.stop());

  const parameters = (change: Record<string, string> = {}) => ({
    client_id: azure.clientId,
    response_type: 'code',
    redirect_uri: 'http://localhost:3000/api/auth/callback',
    scope: 'openid profile offline_access User.Read',
    state: 'the-state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...change,
  });
  const ask = (change: Record<string, string> = {}, cookie = '') =>
    fetch(
      `${azure.httpUrl}/${azure.tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(parameters(change))}`,
      {
        headers: { cookie },
        redirect: 'manual',
      },
    );
  const pick = (person: string, change: Record<string, string> = {}, cookie = '') =>
    postForm(`${azure.httpUrl}/${azure.tenantId}/login`, { ...parameters(change), person }, { cookie });

  it('shows the people, the app and what it asks for, and loads nothing from elsewhere', async () => {
    const response = await ask();
    const page = await response.text();
    expect(page).toContain('Azure emulator — not Microsoft');
    expect(page).toContain('to sign in to <strong>Entrada</strong>');
    expect(page).toContain('Grace Okafor');
    expect(page).toContain('<li>User.Read</li>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.each([
    [
      'an unregistered redirect URI',
      { redirect_uri: 'http://localhost:3000/api/auth/callback/' },
      'AADSTS50011',
    ],
    ['an unknown app', { client_id: 'nobody' }, 'AADSTS700016'],
  ])('never redirects to %s', async (_what, change, code) => {
    const response = await ask(change);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(await response.text()).toContain(code);
  });

  it.each([
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: 'short' }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'https://nowhere.example/.default' }, 'invalid_resource'],
    [{ scope: 'openid Mail.Read' }, 'invalid_grant'],
    [{ claims: 'not json' }, 'invalid_request'],
    [{ prompt: 'none' }, 'login_required'],
  ] as [Record<string, string>, string][])('sends %o back to the app as %s', async (change, error) => {
    const back = sentBack(await ask(change));
    expect(back.get('error')).toBe(error);
    expect(back.get('error_description')).toMatch(
      /^AADSTS\d+: .* Trace ID: .* Correlation ID: .* Timestamp: /,
    );
    expect(back.get('state')).toBe('the-state');
  });

  it('sends a person who cancels back with access_denied', async () => {
    const response = await postForm(`${azure.httpUrl}/${azure.tenantId}/login`, {
      ...parameters(),
      decision: 'cancel',
    });
    expect(sentBack(response).get('error')).toBe('access_denied');
  });

  it('answers in a form, for who wants it', async () => {
    const page = await (await pick('uma', { response_mode: 'form_post' })).text();
    expect(page).toContain('<form method="post" action="http://localhost:3000/api/auth/callback">');
    expect(page).toMatch(/name="code" value="[^"]+"/);
  });

  it('lets nobody in whose account is disabled', async () => {
    const response = await pick('dieter');
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('AADSTS50057');
  });

  it('asks Stella for the number shown, and once in a session', async () => {
    expect(await (await pick('stella')).text()).toContain('One more step');
    expect(await (await pick('stella', { number: '41' })).text()).toContain('That is not the number shown.');
    const passed = await pick('stella', { number: '42' });
    expect(sentBack(passed).get('code')).toBeTruthy();
    expect(sentBack(await pick('stella', {}, cookieOf(passed))).get('code')).toBeTruthy();
  });

  it('remembers the browser: shown first, silent for prompt=none or a hint, in one session', async () => {
    const first = await pick('uma');
    const cookie = cookieOf(first);
    expect(await (await ask({}, cookie)).text()).toContain('Signed in on this browser');
    expect(await (await ask({ prompt: 'login' }, cookie)).text()).not.toContain('Signed in on this browser');
    for (const change of [{ prompt: 'none' }, { login_hint: 'uma.patel@contoso.com' }] as Record<
      string,
      string
    >[]) {
      const back = sentBack(await ask(change, cookie));
      expect(back.get('code')).toBeTruthy();
      expect(back.get('session_state')).toBe(sentBack(first).get('session_state'));
    }
  });

  it('signs in silently whenever it can, if told to', async () => {
    const cookie = cookieOf(await pick('uma'));
    await azure.pull({ signIn: { silent: true } });
    expect(sentBack(await ask({}, cookie)).get('code')).toBeTruthy();
  });

  it('forgets a browser whose person was revoked', async () => {
    const cookie = cookieOf(await pick('audrey'));
    await azure.control('POST', '/people/audrey/revoke');
    expect(sentBack(await ask({ prompt: 'none' }, cookie)).get('error')).toBe('login_required');
  });

  it('signs out, tells the app in a frame, and goes back only to a registered address', async () => {
    const signedIn = await pick('uma');
    const sid = sentBack(signedIn).get('session_state')!;
    const signOut = async (to: string) => {
      const url = `${azure.httpUrl}/${azure.tenantId}/oauth2/v2.0/logout?post_logout_redirect_uri=${to}`;
      return (await fetch(url, { headers: { cookie: cookieOf(signedIn) } })).text();
    };
    const page = await signOut('http://localhost:3000/login');
    expect(page).toContain(`sid=${sid}`);
    expect(page).toContain(encodeURIComponent(`${azure.httpsUrl}/${azure.tenantId}/v2.0`));
    expect(page).toContain('url=http://localhost:3000/login');
    expect(await signOut('http://evil.example/')).not.toContain('evil.example');
  });
});
