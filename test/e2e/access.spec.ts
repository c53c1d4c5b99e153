import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawGet, rawRequest } from '../support/raw-http.ts';
import { behindNginx, type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const people = ['admin', 'viewer', 'nobody'] as const;

describe('access from outside', () => {
  let stack: Stack;
  let cookies: Record<(typeof people)[number], string[]>;
  let viewer: Visitor;
  beforeAll(async () => {
    stack = await startStack();
    viewer = stack.visitor();
    await viewer.signIn(stack.azure, 'viktor');
    const admin = stack.visitor();
    await admin.signIn(stack.azure, 'adele');
    const header = (visitor: Visitor) => [`Cookie: ${visitor.cookieHeader}`, 'User-Agent: node'];
    cookies = { admin: header(admin), viewer: header(viewer), nobody: [] };
  });
  afterAll(() => stack.stop());

  const ask = (target: string, who: keyof typeof cookies, more: string[] = []) =>
    rawGet(stack.url, target, [...cookies[who], ...more]);
  const statuses = async (target: string, more: string[] = []) =>
    Promise.all(people.map(async (who) => (await ask(target, who, more)).status));

  it('the route that the next tests are about is the administrator’s', async () => {
    expect(await statuses('/api/admin/users')).toEqual([200, 403, 401]);
  });

  // Where an address is another spelling of the route the same is decided; where it is none, it is nobody's.
  it.each([
    ...[
      '/API/admin/users',
      '/api/ADMIN/users',
      '/api/admin/users/',
      '//api/admin/users',
      '/api//admin/users',
      '/api/admin//users',
    ],
    ...[
      '/%61pi/admin/users',
      '/api/%61dmin/users',
      '/api/admin/%75sers',
      '/api%2fadmin%2fusers',
      '/api/admin%2fusers',
      '/%2fapi/admin/users',
    ],
    ...[
      '/api/admin;x/users',
      '/api/admin/users;x=1',
      '/api/admin/users.json',
      '/api/admin/users.rsc',
      '/api/admin/users.txt',
      '/api/admin/users%00',
    ],
    ...[
      '/./api/admin/users',
      '/x/../api/admin/users',
      '/api/auth/../admin/users',
      '/api/auth/..%2fadmin/users',
      '/api/health/..;/admin/users',
    ],
    ...[
      '/api/admin/users?/api/health',
      '/api/health?/../admin/users',
      '/api/admin/users%3f',
      '/api/admin/users%23',
      '/api/admin/users#x',
      '/api/admin/users%20',
      '/api/admin/users\\',
    ],
    ...[
      '/api/admin/users?x=/api/auth/methods',
      '/api/admin/users/.',
      '/api/admin/users/..',
      '/api/admin/%2575sers',
      '/api/admin/usérs',
      '/_next/data/x/api/admin/users.json',
    ],
  ])('AUZ-06, advisories 14, 26, 34: %s opens nothing that its plain spelling does not', async (target) => {
    const [admin, asViewer, nobody] = await statuses(target);
    const isPublic = target.startsWith('/api/health?');
    expect(isPublic ? [200] : [400, 401, 404]).toContain(nobody);
    expect(isPublic ? [200] : [400, 403, 404]).toContain(asViewer);
    expect([200, 400, 404]).toContain(admin);
  });

  it.each([
    '/api/admin/users/:id',
    '/api/chat/conversations/:id',
    '/api/auth/device/:attemptId',
    '/api/admin/users/*',
    '/api/admin/users/undefined',
    '/api/admin/users/null',
    '/api/admin/users/%20',
    '/api/admin/users/00000000-0000-0000-0000-000000000000',
  ])('advisories 34 and 37: %s is no record, not even the first', async (target) => {
    const { status, text } = await ask(target, 'admin');
    expect([400, 404]).toContain(status);
    expect(text).not.toContain('contoso');
  });

  it.each([
    ['advisory 24', ['x-middleware-subrequest: middleware:middleware:middleware:middleware:middleware']],
    [
      'advisory 27',
      [
        'X-Forwarded-Uri: /api/health',
        'X-Original-URL: /api/health',
        'X-Rewrite-URL: /api/health',
        'X-Auth-Request-Redirect: /',
      ],
    ],
    [
      'advisory 28',
      [
        'X_Forwarded_User: adele',
        'X-Forwarded-User: adele',
        'X-Forwarded-Email: adele.vance@contoso.com',
        'x_forwarded_email: adele.vance@contoso.com',
      ],
    ],
    [
      'advisory 10',
      [
        'X-User-Id: 1',
        'X-Auth: admin',
        'X-lobe-chat-auth: e30',
        'X-Remote-User: adele',
        'X-MS-CLIENT-PRINCIPAL: eyJ1c2VySWQiOiJhZGVsZSJ9',
        'X-MS-CLIENT-PRINCIPAL-NAME: adele',
      ],
    ],
    [
      'advisory 27: a health check',
      ['User-Agent: GoogleHC/1.0', 'X-Forwarded-For: 127.0.0.1', 'X-Real-IP: 127.0.0.1', 'Host: localhost'],
    ],
    ['another method by name', ['X-HTTP-Method-Override: OPTIONS', 'X-Method-Override: HEAD']],
    ['a role by name', ['X-Role: admin', 'X-Roles: ["admin"]', 'X-Permissions: users.read']],
  ])('AUZ-07, %s: headers of a caller’s own choice change nothing', async (_, headers) => {
    const { status } = await ask(
      '/api/admin/users',
      'nobody',
      headers.filter((line) => !line.startsWith('Host')),
    );
    expect(status).toBe(401);
    const { status: asViewer } = await ask(
      '/api/admin/users',
      'viewer',
      headers.filter((line) => !/^(host|user-agent)/i.test(line)),
    );
    expect(asViewer).toBe(403);
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer  ',
    'bearer x',
    'Basic YTpi',
    'Negotiate',
    'Bearer \u00ff\u00fe',
    'Bearer ' + 'a.'.repeat(4000),
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    'Bearer null',
    '\u00a0',
    '{"a":1}',
    'Bearer a.b.c.d.e',
    'Bearer [object Object]',
    'Bearer eyJ.eyJ.eyJ',
  ])('advisory 22: an Authorization of %j is a 401, with and without a cookie', async (value) => {
    for (const who of people)
      expect([who, (await ask('/api/auth/session', who, [`Authorization: ${value}`])).status]).toEqual([
        who,
        401,
      ]);
  });

  it('advisory 7: a token of Entra’s for another API, or for ours without its scope, is nobody’s', async () => {
    for (const scope of ['User.Read', 'https://cognitiveservices.azure.com/.default', 'openid']) {
      const tokens = await stack.azure.tokensFor('adele', scope);
      for (const token of [tokens.access_token, tokens.id_token, tokens.refresh_token].filter(Boolean))
        expect((await ask('/api/admin/users', 'nobody', [`Authorization: Bearer ${token}`])).status).toBe(
          401,
        );
    }
  });

  it('advisory 33: no credential counts in an address', async () => {
    const token = viewer.sessionCookie ?? '';
    for (const name of ['entrada_session', 'access_token', 'token', 'authToken', 'session'])
      expect((await ask(`/api/auth/session?${name}=${token}`, 'nobody')).status).toBe(401);
  });

  it.each(['TRACE', 'TRACK', 'CONNECT', 'OPTIONS', 'HEAD', 'PUT', 'PROPFIND', 'FOO', 'get'])(
    'API-02: %s is not answered',
    async (method) => {
      const host = `Host: ${new URL(stack.url).host}`;
      for (const target of ['/api/auth/session', '/api/health', '/api/admin/users']) {
        const { status, text } = await rawRequest(stack.url, [
          `${method} ${target} HTTP/1.1`,
          host,
          'X-Canary: canary-header',
          ...cookies.admin,
        ]).catch(() => ({ status: 0, text: '' }));
        expect([0, 400, 401, 403, 404, 405]).toContain(status);
        expect(text).not.toMatch(/canary-header|Access-Control-Allow/i);
      }
    },
  );

  it('API-05: the API’s answers and the pages carry the headers that browsers heed', async () => {
    for (const path of ['/api/health', '/api/auth/session', '/api/nothing', '/nothing', '/']) {
      const { headers } = await viewer.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      for (const directive of [
        `default-src 'self'`,
        `object-src 'none'`,
        `base-uri 'none'`,
        `frame-ancestors 'none'`,
        `form-action 'self'`,
      ])
        expect(policy).toContain(directive);
      expect(/script-src ([^;]*)/.exec(policy)?.[1]).not.toMatch(/unsafe|\*|https?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBe(behindNginx ? 'nginx' : null);
    }
  });

  it('API-02: metrics are for who is on this machine, not for who comes through a proxy', async () => {
    expect((await ask('/metrics', 'nobody')).status).toBe(behindNginx ? 404 : 200);
    expect((await ask('/metrics', 'admin', ['X-Forwarded-For: 127.0.0.1'])).status).toBe(404);
    expect((await ask('/metrics', 'admin', ['Forwarded: for=127.0.0.1'])).status).toBe(404);
  });
});
