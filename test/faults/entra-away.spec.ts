/** Entra refuses connections, hangs, or its name leads nowhere: what those see who are signed in, and those who are not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message, Problem } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const everythingOfEntra = ['discovery', 'keys', 'authorize', 'token', 'device', 'graph'];

describe('F6: Entra away', () => {
  let stack: Stack;
  let uma: Visitor;
  beforeAll(async () => {
    stack = await startStack({}, { isDirect: true });
    uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
  });
  afterAll(() => stack.stop());

  const chat = async (visitor: Visitor) => {
    const { status, body } = await visitor.post<{ message: Message }>('/api/chat/message', {
      message: 'Hello',
    });
    return [status, body.message?.status];
  };
  /** From page to page, as a browser goes, until one is shown; a loop would go on. */
  const follow = async (visitor: Visitor, path: string): Promise<string[]> => {
    const way = [path];
    for (let steps = 0; steps < 10; steps += 1) {
      const { status, headers } = await visitor.get(way.at(-1)!);
      const location = headers.get('location');
      if (status < 300 || status >= 400 || location === null) return way;
      way.push(location);
      if (!location.startsWith('/')) return way;
    }
    return way;
  };

  it('those who are signed in go on until their token is over, also with a token of their own', async () => {
    const { access_token: token = '' } = await stack.azure.tokensFor(
      'gustav',
      `api://${stack.env.AZURE_CLIENT_ID}/access_as_user`,
    );
    const authorization = { authorization: `Bearer ${token}` };
    const asScript = async () => (await stack.visitor().get('/api/auth/me', authorization)).status;
    expect(await asScript()).toBe(200);
    await stack.azure.set({ down: everythingOfEntra });
    expect(await chat(uma)).toEqual([200, 'done']);
    expect((await uma.get('/api/auth/session')).status).toBe(200);
    expect(await asScript()).toBe(200);
  });

  it('who comes back from Entra meanwhile is led to the login page, which says why, and no further', async () => {
    await stack.azure.reset();
    const visitor = stack.visitor();
    const back = await stack.azure.approveSignIn(await visitor.beginSignIn(), 'gustav');
    await stack.azure.set({ down: everythingOfEntra });
    expect(await follow(visitor, back.pathname + back.search)).toEqual([
      back.pathname + back.search,
      '/login?error=sign_in_unavailable',
    ]);
    expect(visitor.sessionCookie).toBeUndefined();
  });

  it('a device sign-in that cannot begin is told so', async () => {
    const { status, headers, body } = await stack.visitor().post<Problem>('/api/auth/device', {});
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'sign_in_unavailable', '5']);
  });

  it('a process that starts meanwhile serves who is signed in, and says at the login what is wrong', async () => {
    await stack.azure.set({ down: everythingOfEntra });
    await stack.restartApi();
    expect((await uma.get('/api/health/ready')).status).toBe(200);
    expect(await chat(uma)).toEqual([200, 'done']);
    expect(await follow(stack.visitor(), '/api/auth/login')).toEqual([
      '/api/auth/login',
      '/login?error=sign_in_unavailable',
    ]);
  });

  it('an Entra that hangs holds up nobody who does not need it', async () => {
    const latency = Object.fromEntries(everythingOfEntra.map((area) => [area, 60_000]));
    await stack.azure.set({ down: [], latency });
    const login = follow(stack.visitor(), '/api/auth/login');
    const begun = performance.now();
    expect(await chat(uma)).toEqual([200, 'done']);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await login).toEqual(['/api/auth/login', '/login?error=sign_in_unavailable']);
    expect(performance.now() - begun).toBeLessThan(30_000);
  });

  it('when Entra is back, so is signing in, without anybody’s help', async () => {
    await stack.azure.reset();
    const visitor = stack.visitor();
    expect(await visitor.signIn(stack.azure, 'gustav')).toBe('/');
    expect(await chat(visitor)).toEqual([200, 'done']);
  });

  it('a name that leads nowhere is said to be Entra’s absence as well', async () => {
    const authority = `https://${crypto.randomUUID()}.invalid`;
    await stack.restartApi('SIGTERM', { AZURE_AUTHORITY_HOST: authority });
    expect(await follow(stack.visitor(), '/api/auth/login')).toEqual([
      '/api/auth/login',
      '/login?error=sign_in_unavailable',
    ]);
    expect((await uma.get('/api/auth/session')).status).toBe(200);
  });
});
