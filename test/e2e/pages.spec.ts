import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('the built site', () => {
  let stack: Stack;
  beforeAll(async () => {
    // What the API itself serves; for the web server in front of it: web-server.spec.ts.
    stack = await startStack({}, { isDirect: true });
  });
  afterAll(() => stack.stop());

  it.each(['/nowhere', '/account/nowhere', '/nowhere.html', '/404/x?y=/api'])(
    '%s shows a person the page for it, with status 404 and a policy',
    async (path) => {
      const { status, headers, body } = await stack.visitor().get<string>(path, browser);
      expect(status).toBe(404);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-/);
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(body).toContain('<html');
    },
  );

  it.each(['/api/nowhere', '/%61pi/nowhere', '/socket.io/x', '/metrics/x', '/.well-known/x'])(
    '%s stays a problem document, also for a browser',
    async (path) => {
      const { status, headers } = await stack.visitor().get(path, browser);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers.get('content-type')).not.toContain('text/html');
    },
  );

  it('a program that asks for no page is told as a problem', async () => {
    const { status, headers, body } = await stack.visitor().get('/nowhere', { accept: '*/*' });
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'not_found' });
  });

  it.each(['/login', '/'])('%s is sent compressed, with the same policy as in full', async (path) => {
    const compressed = await stack.visitor().get<string>(path, { ...browser, 'accept-encoding': 'gzip' });
    const full = await stack.visitor().get<string>(path, { ...browser, 'accept-encoding': 'identity' });
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(full.headers.get('content-encoding')).toBeNull();
    expect(compressed.headers.get('vary')).toMatch(/accept-encoding/i);
    expect(compressed.body).toBe(full.body);
    for (const name of ['content-type', 'cache-control', 'content-security-policy'])
      expect(compressed.headers.get(name)).toBe(full.headers.get(name));
    expect(full.headers.get('content-security-policy')).toContain("'sha256-");
  });

  it('the compressed twins have no address of their own', async () => {
    expect((await stack.visitor().get('/login.html.gz')).status).toBe(404);
  });
});
