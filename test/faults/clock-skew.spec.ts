import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newConversation } from '../support/chatter.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** The leeway for what Entra signs is one minute (OID-11); this is far beyond it, either way. */
describe.each([
  ['five minutes ahead', 300],
  ['five minutes behind', -300],
])('F22: Entra’s clock %s of ours', (_, clockOffsetSeconds) => {
  let stack: Stack;
  beforeAll(async () => void (stack = await startStack()));
  afterAll(() => stack.stop());
  afterEach(() => stack.azure.reset());

  it('whoever is signed in chats on, a refresh takes nothing away, and all is well once the clocks agree', async () => {
    const uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
    const conversationId = await newConversation(uma);
    await stack.azure.set({ tokens: { clockOffsetSeconds } });
    const ask = () =>
      uma.post<{ message: { status: string } }>('/api/chat/message', { message: 'Hello', conversationId });

    await uma.post('/api/auth/refresh');
    expect(await ask()).toMatchObject({ status: 200, body: { message: { status: 'done' } } });
    expect((await uma.get('/api/auth/session')).status).toBe(200);

    await stack.azure.reset();
    expect(await ask()).toMatchObject({ status: 200, body: { message: { status: 'done' } } });
  });

  it('a sign-in either works or is refused in words, and leaves no half session', async () => {
    await stack.azure.set({ tokens: { clockOffsetSeconds } });
    const visitor = stack.visitor();
    const end = await visitor.signIn(stack.azure, 'ulrich');
    const isIn = (await visitor.get('/api/auth/session')).status === 200;
    // What is dated later than our own time is refused; what is dated earlier is good until its end.
    expect([end, isIn]).toEqual(
      clockOffsetSeconds > 0 ? ['/login?error=sign_in_failed', false] : ['/', true],
    );
    await stack.azure.reset();
    expect(await visitor.signIn(stack.azure, 'ulrich')).toBe('/');
    expect((await visitor.get('/api/auth/session')).status).toBe(200);
  });
});
