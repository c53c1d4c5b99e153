import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts';
import { behindNginx, type Stack, startStack } from '../support/stack.ts';

/** What nginx decides by itself; all that it passes on is tried by the other specs, which run through it as well. */
describe.skipIf(!behindNginx)('the web server in front of the API', () => {
  let stack: Stack;
  beforeAll(async () => void (stack = await startStack()));
  afterAll(() => stack.stop());

  it.each(['/nowhere', '/account/nowhere', '/nowhere.html'])(
    '%s is the page for it, with its policy, and not kept',
    async (path) => {
      const { status, headers, body } = await stack.visitor().get<string>(path);
      expect(status).toBe(404);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-/);
      expect(body).toContain('<html');
    },
  );

  it.each(['/metrics', '/metrics/x', '/login.html.gz'])('API-02: %s has no address', async (path) => {
    const { status, headers, body } = await stack.visitor().get<Problem>(path);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'not_found', status: 404 });
  });

  it('API-05: a page carries the headers that browsers heed, compressed or not', async () => {
    for (const encoding of ['gzip', 'identity']) {
      const { status, headers } = await stack.visitor().get('/login', { 'accept-encoding': encoding });
      expect([status, headers.get('content-encoding')]).toEqual([200, encoding === 'gzip' ? 'gzip' : null]);
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-[^;]*; /);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    }
  });

  it('while no process of the API answers, says so as the API would, and pages still come', async () => {
    await stack.api.stop();
    const { status, headers, body } = await stack.visitor().get<Problem>('/api/auth/session');
    expect([status, body.code]).toEqual([503, 'service_unavailable']);
    expect(headers.get('retry-after')).toBe('5');
    expect((await stack.visitor().get('/login')).status).toBe(200);
    await stack.restartApi();
  });
});
