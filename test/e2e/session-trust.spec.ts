import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts';
import { rawRequest } from '../support/raw-http.ts';
import { behindNginx, type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

describe('a request that changes something', () => {
  let stack: Stack;
  let visitor: Visitor;
  beforeAll(async () => {
    stack = await startStack();
    visitor = stack.visitor();
    await visitor.signIn(stack.azure, 'uma');
  });
  afterAll(() => stack.stop());

  const path = '/api/chat/conversations';
  const count = async () => (await visitor.get<{ items: unknown[] }>(path)).body.items.length;
  /** The answer to a write with these headers; the helper adds none of its own but the cookie. */
  const write = (
    headers: Record<string, string>,
    body: string | null = '{}',
    method = 'POST',
    to = path,
  ): Promise<Response> => {
    const request = { method, body, headers: { cookie: visitor.cookieHeader, ...headers } };
    return fetch(stack.url + to, { ...request, redirect: 'manual' });
  };
  const trusted = () => ({
    origin: stack.url,
    'x-csrf-token': visitor.csrfToken ?? '',
    'content-type': 'application/json',
  });
  const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as Problem).code];

  it('of our own page is done', async () => {
    expect((await write(trusted())).status).toBe(201);
    expect((await write({ ...trusted(), 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  describe('is refused and has no effect', () => {
    it('SES-19: without a CSRF token, with another session’s, with one of an ended session', async () => {
      const before = await count();
      const other = stack.visitor();
      await other.signIn(stack.azure, 'adele');
      const ended = stack.visitor();
      await ended.signIn(stack.azure, 'uma');
      const old = ended.csrfToken ?? '';
      await ended.post('/api/auth/logout');
      const { 'x-csrf-token': _, ...none } = trusted();
      for (const token of [
        {},
        ...['', 'x', old, other.csrfToken ?? '', visitor.sessionCookie ?? ''].map((value) => ({
          'x-csrf-token': value,
        })),
      ])
        expect(await codeOf(await write({ ...none, ...token }))).toEqual([403, 'csrf_failed']);
      expect(await count()).toBe(before);
    });

    it.each<[string, (ours: string) => Record<string, string>]>([
      ['SES-20: from another origin', () => ({ origin: 'https://evil.example' })],
      ['SES-20: from an opaque origin', () => ({ origin: 'null' })],
      [
        'SES-20: from no origin with a foreign referer',
        () => ({ origin: '', referer: 'https://evil.example/' }),
      ],
      ['SES-20: cross-site by its own word', () => ({ 'sec-fetch-site': 'cross-site' })],
      ['SES-20: same-site by its own word', () => ({ 'sec-fetch-site': 'same-site' })],
      ['SES-22: from a host that begins like ours', (ours) => ({ origin: `${ours}.evil.example` })],
      ['SES-22: from https in place of http', (ours) => ({ origin: ours.replace('http:', 'https:') })],
      ['SES-22: from another port', () => ({ origin: 'http://localhost:1' })],
      [
        'SES-22: from a name for the same machine',
        (ours) => ({ origin: ours.replace('localhost', '127.0.0.1') }),
      ],
      ['SES-22: from a subdomain', (ours) => ({ origin: ours.replace('localhost', 'a.localhost') })],
      ['SES-22: from our origin with a user', (ours) => ({ origin: ours.replace('//', '//a@') })],
    ])('%s, though the CSRF token is right', async (_, headers) => {
      const before = await count();
      expect(await codeOf(await write({ ...trusted(), ...headers(stack.url) }))).toEqual([
        403,
        'csrf_failed',
      ]);
      expect(await count()).toBe(before);
    });

    it('SES-20: for everybody’s writes too: nobody signs our visitors in or out from elsewhere', async () => {
      for (const to of ['/api/auth/device', '/api/auth/logout'])
        expect(
          await codeOf(await write({ ...trusted(), origin: 'https://evil.example' }, '{}', 'POST', to)),
        ).toEqual([403, 'csrf_failed']);
      expect(await visitor.readSession()).not.toBeNull();
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
      'application/json2',
      'application/xml',
      '',
    ])('SES-21: as %j', async (type) => {
      const before = await count();
      const answer = await write({ ...trusted(), 'content-type': type });
      expect(answer.status).toBe(415);
      expect(await count()).toBe(before);
    });

    it('SES-21: by GET, HEAD, or a method that the body or a header names', async () => {
      const before = await count();
      for (const [method, to] of [
        ['GET', '/api/auth/logout'],
        ['HEAD', '/api/auth/logout'],
        ['GET', '/api/auth/refresh'],
        ['GET', `${path}?_method=POST`],
      ] as const)
        expect((await write(trusted(), null, method, to)).status, `${method} ${to}`).toBeLessThan(500);
      await write(
        { ...trusted(), 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' },
        null,
        'GET',
      );
      expect(await visitor.readSession()).not.toBeNull();
      expect(await count()).toBe(before);
    });
  });

  it('SES-23: every answer of the API says that it may not be stored, however its address is written', async () => {
    for (const to of [
      '/api/auth/session',
      '/api/auth/methods',
      '/api/nothing',
      path,
      '/%61pi/auth/session',
      '/api/auth/%73ession',
    ]) {
      const { headers } = await visitor.get(to);
      expect([to, headers.get('cache-control')]).toEqual([to, 'no-store']);
    }
  });

  it('API-03: of two lengths, two encodings or a broken header line is not read', async () => {
    const host = `Host: ${new URL(stack.url).host}`;
    const attempts = [
      ['Content-Length: 2', 'Content-Length: 3'],
      ['Content-Length: 2', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked, identity'],
      ['Transfer-Encoding : chunked'],
      ['X-Odd: a\rX-Evil: b'],
      ['X-Odd: a\nX-Evil: b\u0000'],
    ];
    for (const lines of attempts) {
      const { status } = await rawRequest(
        stack.url,
        ['POST /api/auth/logout HTTP/1.1', host, ...lines],
        '{}',
      );
      // nginx knows no other encoding than chunked, and says so.
      expect([lines, behindNginx && status === 501 ? 400 : status]).toEqual([lines, 400]);
    }
  });
});
