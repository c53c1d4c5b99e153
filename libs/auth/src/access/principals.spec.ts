import { describe, expect, it } from 'vitest';
import type { EntraBearer } from '../bearer/entra-bearer.ts';
import type { Authenticator } from './authenticator.ts';
import { bearerTokenOf, Principals } from './principals.ts';
import type { SessionJwt } from './session-jwt.ts';

describe('the token of an Authorization header', () => {
  it.each([
    ['Bearer a.b.c', 'a.b.c'],
    ['bearer a.b.c', 'a.b.c'],
    ['BEARER a~b+c/d_e-f==', 'a~b+c/d_e-f=='],
    [`Bearer ${'a'.repeat(15_000)}`, 'a'.repeat(15_000)],
    [undefined, null],
    ['', null],
    ['Bearer', null],
    ['Bearer ', null],
    ['Bearer  a', null],
    ['Bearer a ', null],
    [' Bearer a', null],
    ['Bearer a b', null],
    ['Bearer a, Bearer b', null],
    ['Bearer a\nb', null],
    ['Bearer a\n', null],
    ['Bearer\ta', null],
    ['Bearer "a"', null],
    ['Bearer =a', null],
    ['Bearer \u00e4', null],
    ['Basic YTpi', null],
    ['BearerX a', null],
    ['a.b.c', null],
  ])('%j: %j', (header, token) => {
    expect(bearerTokenOf(header)).toBe(token);
  });
});

describe('who makes a call', () => {
  const principals = new Principals(
    {
      authenticate: ({ token }: { token: string | null }) => Promise.resolve(`session ${token}`),
    } as unknown as Authenticator,
    { isOurs: (token: string) => token.startsWith('ours') } as unknown as SessionJwt,
    { authenticate: (token: string) => Promise.resolve(`Entra ${token}`) } as unknown as EntraBearer,
  );
  const cookie = { token: 'cookie', browser: null, userAgent: null };

  it.each([
    ['a cookie', undefined, 'session cookie'],
    ['a token of ours', 'Bearer ours.b.c', 'session cookie'],
    ['a token of Entra', 'Bearer a.b.c', 'Entra a.b.c'],
    ['no token at all', 'Basic YTpi', 'session cookie'],
  ])('with %s', async (_, authorization, expected) => {
    expect(await principals.of({ ...cookie, authorization })).toBe(expected);
  });
});
