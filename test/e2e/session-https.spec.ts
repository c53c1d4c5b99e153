import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionAnswer } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const publicUrl = 'https://chat.example.test';

/** The API behind something that ends TLS: it is reached over plain http and knows that browsers are not. */
describe('a session where PUBLIC_URL is https', () => {
  let stack: Stack;
  let visitor: Visitor;
  let lines: string[];
  let answered: Headers;
  beforeAll(async () => {
    stack = await startStack({ PUBLIC_URL: publicUrl });
    await stack.azure.set({ registration: { redirectUris: [`${publicUrl}/api/auth/callback`] } });
    visitor = stack.visitor();
    const begun = await visitor.get('/api/auth/login');
    const back = await stack.azure.approveSignIn(begun.headers.get('location') ?? '', 'uma');
    const finished = await visitor.get(back.pathname + back.search);
    lines = [...begun.headers.getSetCookie(), ...finished.headers.getSetCookie()];
    answered = finished.headers;
    await visitor.readSession();
  });
  afterAll(() => stack.stop());

  it('SES-13: each cookie has the __Host- prefix, is Secure, HttpOnly, SameSite=Lax, for all paths, without domain, and small', () => {
    expect(new Set(lines.map((line) => line.split('=')[0]))).toEqual(
      new Set(['__Host-entrada_browser', '__Host-entrada_session']),
    );
    for (const line of lines) {
      const attributes = line
        .split('; ')
        .slice(1)
        .map((attribute) => attribute.toLowerCase());
      expect(attributes).toEqual(expect.arrayContaining(['path=/', 'secure', 'httponly', 'samesite=lax']));
      expect(attributes.join()).not.toContain('domain');
      expect(line.length).toBeLessThan(4096);
    }
  });

  it('API-05: browsers are told to stay on https, subdomains included, for a year', () => {
    expect(answered.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
  });

  it('is not found under the name that http would use, nor under any other case', async () => {
    const value = visitor.sessionCookie ?? '';
    const browser = visitor.cookies.get('__Host-entrada_browser') ?? '';
    const presentAs = (name: string) =>
      stack
        .visitor()
        .get('/api/auth/session', { cookie: `${name}=${value}; __Host-entrada_browser=${browser}` });
    expect((await presentAs('__Host-entrada_session')).status).toBe(200);
    for (const name of [
      'entrada_session',
      '__Secure-entrada_session',
      '__host-entrada_session',
      '__Host-Entrada_Session',
    ])
      expect((await presentAs(name)).status).toBe(401);
  });

  it('SES-22: trusts its own origin, and not the address at which the API itself is reached', async () => {
    const write = (origin: string) => visitor.post<SessionAnswer>('/api/auth/refresh', undefined, { origin });
    for (const origin of [
      stack.url,
      'http://chat.example.test',
      'https://chat.example.test:8443',
      'https://a.chat.example.test',
    ])
      expect((await write(origin)).status).toBe(403);
    expect((await write(publicUrl)).status).toBe(200);
  });

  it('SES-26: an address is never answered by sending the browser on to https', async () => {
    for (const path of ['/', '/api/auth/session', '/api/health'])
      expect(
        (await stack.visitor().get(path, { 'x-forwarded-proto': 'http' })).headers.get('location'),
      ).toBeNull();
  });

  it('its ending takes the same cookie away', async () => {
    const { headers } = await visitor.post('/api/auth/logout', undefined, { origin: publicUrl });
    const [line] = headers.getSetCookie();
    expect(line).toMatch(/^__Host-entrada_session=; /);
    expect(line).toMatch(/Path=\/; .*Secure/);
    expect(visitor.sessionCookie).toBeUndefined();
  });
});
