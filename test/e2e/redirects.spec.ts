import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destinationOf, hostileRedirects, strippedByBrowsers } from '../support/hostile-redirects.ts';
import { rawGet, rawRequest } from '../support/raw-http.ts';
import { type Stack, startStack } from '../support/stack.ts';

const evil = 'evil.example';

describe('redirects', () => {
  let stack: Stack;
  beforeAll(async () => void (stack = await startStack()));
  afterAll(() => stack.stop());

  // Every 90th of the list: each way in with another host and ending. The whole list is checked beside the code.
  const all = hostileRedirects('localhost');
  const sample = [...all.filter((_, index) => index % 90 === 7), ...strippedByBrowsers];

  it(`RED-01: after sign-in none of ${sample.length} hostile values leads off our origin`, async () => {
    const left: string[] = [];
    for (const value of sample) {
      const visitor = stack.visitor();
      const { status, headers } = await visitor.get(
        `/api/auth/login?${new URLSearchParams({ returnTo: value })}`,
      );
      if (status === 400) continue;
      const back = await stack.azure.approveSignIn(headers.get('location') ?? '', 'uma');
      const location = (await visitor.get(back.pathname + back.search)).headers.get('location') ?? '';
      if (destinationOf(location, stack.url).origin !== stack.url || !visitor.sessionCookie) left.push(value);
    }
    expect(left).toEqual([]);
  });

  it.each([
    ['twice', 'returnTo=/a&returnTo=/b'],
    ['with NUL', 'returnTo=/%00'],
    ['with a line break', 'returnTo=/%0d%0aSet-Cookie:%20a=b'],
    ['of 5 KB', `returnTo=/${'a'.repeat(5000)}`],
    ['twice for remember', 'remember=true&remember=false'],
    ['that is no truth value', 'remember=1'],
  ])('RED-03, advisory 19: a value %s is a 400 at once', async (_, query) => {
    const { status, headers } = await stack.visitor().get(`/api/auth/login?${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  it.each([
    ['as an array', 'returnTo[]=//evil.example'],
    ['as an object', 'returnTo[href]=//evil.example'],
    ['as JSON', 'returnTo={"a":"//evil.example"}'],
    ['with broken escapes', 'returnTo=%E0%A4%A'],
    ['with lone surrogates', 'returnTo=%ED%A0%80'],
    ['under another name', 'ReturnTo=//evil.example&next=//evil.example&redirect_uri=//evil.example'],
  ])('RED-03: a value %s never leads elsewhere nor fails', async (_, query) => {
    const { status, text } = await rawGet(stack.url, `/api/auth/login?${query}`);
    expect([302, 400]).toContain(status);
    expect(text).not.toContain(evil);
  });

  it.each([
    ['Host', [`Host: ${evil}`]],
    ['X-Forwarded-Host', [`X-Forwarded-Host: ${evil}`]],
    ['X-Forwarded-Proto', ['X-Forwarded-Proto: https']],
    [
      'X-Forwarded-Prefix and -Uri',
      [`X-Forwarded-Prefix: //${evil}`, `X-Forwarded-Uri: //${evil}/`, `X-Original-URL: //${evil}/`],
    ],
    ['Forwarded', [`Forwarded: for=1.2.3.4;host=${evil};proto=https`]],
    ['Referer and Origin', [`Referer: https://${evil}/`, `Origin: https://${evil}`]],
  ])('RED-02: a forged %s changes neither the redirect address nor the cookie', async (_, forged) => {
    const lines = [
      'GET /api/auth/login HTTP/1.1',
      ...(forged[0]?.startsWith('Host') ? [] : [`Host: ${new URL(stack.url).host}`]),
      ...forged,
    ];
    const { status, text } = await rawRequest(stack.url, lines);
    expect(status).toBe(302);
    const location = /^location: (.*)$/im.exec(text)?.[1]?.trim() ?? '';
    expect(new URL(location).searchParams.get('redirect_uri')).toBe(`${stack.url}/api/auth/callback`);
    const cookie = /^set-cookie: (.*)$/im.exec(text)?.[1] ?? '';
    expect(cookie).not.toMatch(/domain|secure/i);
    expect(text).not.toContain(evil);
  });

  it('RED-02: nor does one change the way back from sign-out, or what an origin may do', async () => {
    const visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
    const forged = { 'x-forwarded-host': evil, 'x-forwarded-proto': 'https', 'x-forwarded-for': '1.2.3.4' };
    const refused = await visitor.post('/api/auth/logout', undefined, {
      ...forged,
      origin: `https://${evil}`,
    });
    expect(refused.status).toBe(403);
    const { body } = await visitor.post<{ logoutUrl: string }>('/api/auth/logout', undefined, forged);
    expect(new URL(body.logoutUrl).searchParams.get('post_logout_redirect_uri')).toBe(`${stack.url}/login`);
  });

  it('RED-04: every redirect on the way is a 302', async () => {
    const visitor = stack.visitor();
    const begun = await visitor.get('/api/auth/login');
    const back = await stack.azure.approveSignIn(begun.headers.get('location') ?? '', 'uma');
    const finished = await visitor.get(back.pathname + back.search);
    const failed = await stack.visitor().get('/api/auth/callback?state=x');
    expect([begun.status, finished.status, failed.status]).toEqual([302, 302, 302]);
  });
});
