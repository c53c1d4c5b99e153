import {
  assert,
  asyncProperty,
  constantFrom,
  jsonValue,
  letrec,
  oneof,
  string,
  dictionary,
} from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import { Visitor } from '../support/visitor.ts';

const uuid = '00000000-0000-4000-8000-000000000000';
const segments = constantFrom(
  uuid,
  '%00',
  '%ff',
  '__proto__',
  'constructor',
  '..%2f..',
  "'%20OR%201=1",
  '%F0%9F%92%A9',
  'null',
  '-1',
  'a'.repeat(190),
  '{}',
  '%25',
  '*',
  uuid.toUpperCase(),
);
const queries = oneof(
  constantFrom(
    '',
    'limit=1e309',
    'limit=-1',
    'limit=1&limit=2',
    'limit[]=1',
    'limit=NaN',
    'cursor=%00',
    'cursor=e30',
    `cursor=${'A'.repeat(300)}`,
  ),
  constantFrom(
    'cursor=__proto__',
    'search=%00',
    'search[a]=b',
    'active=maybe',
    'role=root',
    'after=-1',
    'after=1e99',
    '__proto__[x]=1',
    'constructor=1',
    '&&==&',
    '%',
    'search=%25%5f%27',
  ),
  string({ unit: 'binary', maxLength: 30 }).map(
    (text) => `search=${encodeURIComponent(text.toWellFormed())}`,
  ),
);
const fields = constantFrom(
  'title',
  'content',
  'clientMessageId',
  'parentId',
  'model',
  'message',
  'conversationId',
  'remember',
  'method',
  'isActive',
  'isAdmin',
  'displayName',
  'groups',
  'roles',
  '__proto__',
  'constructor',
  'toString',
  'userId',
  'id',
);
const { value } = letrec((tie) => ({
  value: oneof(
    { depthSize: 'small' },
    jsonValue(),
    constantFrom(null, true, 0, -0, 1e308, '', '\u0000', '\ud800', [], {}, [[]], { $ne: null }),
    dictionary(fields, tie('value'), { maxKeys: 5 }),
  ),
}));
const bodies = oneof(
  value.map((body) => JSON.stringify(body)),
  dictionary(fields, value, { maxKeys: 8 }).map((body) => JSON.stringify(body)),
  constantFrom(
    undefined,
    '',
    '{',
    'null',
    '"',
    '{"a":1',
    '{"a":1,"a":2}',
    '{"__proto__":{"isAdmin":true}}',
    '{"constructor":{"prototype":{}}}',
    '\ufeff{}',
    '[]',
    '01',
    'NaN',
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
    `"${'a'.repeat(100_000)}"`,
  ),
);
const perRoute = 20;

describe('API-01, advisories 2, 19, 37: requests of the wrong shape', () => {
  let stack: Stack;
  let admin: Visitor;
  let routes: { method: string; path: string }[];
  beforeAll(async () => {
    stack = await startStack();
    admin = hasty();
    await admin.signIn(stack.azure, 'adele');
    const { body } = await admin.get<{ paths: Record<string, object> }>('/api/openapi.json');
    routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
    );
  });
  afterAll(() => stack.stop());

  /** Does not wait until both processes have heard of a write: there are a thousand of them, and none matters to the next. */
  const hasty = () => new Visitor(stack.url, stack.url, () => Promise.resolve());
  const withSegment = (path: string, segment: string) => path.replace(/\{\w+\}|:\w+/g, segment);
  const errorLines = () => stack.api.lines.filter((line) => /"level":"(error|fatal)"/.test(line));

  it(`are refused by every route in ${perRoute} ways each, and by none with a failure of ours`, async () => {
    expect(routes.length).toBeGreaterThan(25);
    const { pid } = stack.api.process;
    // These would end the session that the others are tried with; they are tried without one.
    const ending = routes.filter(
      ({ path, method }) => /logout|auth\/sessions/.test(path) && method !== 'GET',
    );
    for (const { method, path } of routes) {
      const visitor = ending.some((route) => route.path === path && route.method === method)
        ? hasty()
        : admin;
      const rule = asyncProperty(segments, queries, bodies, async (segment, query, body) => {
        const { status } = await visitor.send(
          method,
          `${withSegment(path, segment)}?${query}`,
          method === 'GET' ? undefined : body,
        );
        // A device sign-in begins with an empty body too; it may also be refused for coming too often.
        if (status >= 500 && status !== 503) throw new Error(`${method} ${path} answered ${status}`);
      });
      await assert(rule, { numRuns: perRoute });
    }
    expect(errorLines()).toEqual([]);
    expect(stack.api.process.pid).toBe(pid);
    expect(stack.api.process.exitCode).toBeNull();
    expect((await stack.visitor().get('/api/health')).status).toBe(200);
    expect(await admin.readSession()).not.toBeNull();
  });

  it.each([
    ['no JSON', '{"title":', 400],
    ['a list', '[]', 400],
    ['a number', '1', 400],
    ['a text', '"x"', 400],
    ['null', 'null', 400],
    ['a polluted prototype', '{"__proto__":{"title":"x"}}', 400],
    ['a polluted constructor', '{"constructor":{"prototype":{"title":"x"}}}', 400],
    ['NUL in a text', '{"title":"a\\u0000b"}', 400],
    ['a list for a text', '{"title":["x"]}', 400],
    ['a megabyte', `{"title":"${'a'.repeat(1_100_000)}"}`, 413],
  ])('%s is told as a problem', async (_, body, status) => {
    const answer = await admin.post<{ code: string }>('/api/chat/conversations', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.stringify(answer.body)).not.toMatch(/SyntaxError|at \/|node_modules|FST_/);
  });

  it('AUZ-03: fields that nobody may set are not set', async () => {
    const forbidden = {
      id: uuid,
      userId: uuid,
      createdAt: '2000-01-01T00:00:00.000Z',
      roles: ['admin'],
      tenantId: uuid,
    };
    const { status, body } = await admin.post<Record<string, unknown>>('/api/chat/conversations', {
      title: 'x',
      ...forbidden,
    });
    if (status === 201) {
      expect(body.id).not.toBe(uuid);
      expect(body.createdAt).not.toBe(forbidden.createdAt);
    } else expect(status).toBe(400);
  });

  it('a broken address is told as a problem', async () => {
    for (const path of ['/%zz', '/api/%zz', '/api/chat/conversations/%E0%A4%A']) {
      const { status, headers } = await admin.get(path);
      expect([400, 404]).toContain(status);
      expect(headers.get('content-type')).toContain('application/problem+json');
    }
  });
});
