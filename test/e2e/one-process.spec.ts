import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newConversation, Tab } from '../support/chatter.ts';
import { freePort } from '../support/free-port.ts';
import { type Stack, startApi, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

describe('one process without Redis', () => {
  let stack: Stack;
  let uma: Visitor;
  beforeAll(async () => {
    stack = await startStack({ SHUTDOWN_GRACE_SECS: '10' }, { isDirect: true });
    uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
  });
  afterAll(() => stack.stop());

  const another = async (changes: Record<string, string> = {}) =>
    startApi({ ...stack.env, PORT: String(await freePort()), ...changes });

  it('says that it is alone, and a second one on its database is refused with what to do', async () => {
    expect(stack.api.lines.join('\n')).toContain('REDIS_URL is not set: this API runs as one process');
    await expect(another()).rejects.toThrow(
      /another process runs on this database, and REDIS_URL is not set\. Set it, the same for all, or stop the other\./,
    );
    await expect(another({ REDIS_URL: 'redis://127.0.0.1:1' })).rejects.toThrow(
      /another process runs on this database without REDIS_URL/,
    );
    expect((await uma.get('/api/auth/session')).status).toBe(200);
  });

  it('F17: a stop lets the answer finish, in the tab that watches it, and the next start does not wait', async () => {
    const tab = await Tab.open(uma);
    const conversationId = await newConversation(uma);
    const sent = await tab.send(conversationId, 'Show me a table');
    if (!sent.ok) throw new Error(sent.error.detail);
    await expect.poll(() => tab.of('generation:delta', sent.generation.id).length).toBeGreaterThan(2);
    const ended = stack.api.stop('SIGTERM');
    // The old one still writes while the new one starts: they know of each other.
    await expect.poll(() => stack.api.lines.some((line) => line.includes('"draining"'))).toBe(true);
    const next = await startApi({ ...stack.env, SHUTDOWN_GRACE_SECS: '1' });
    expect(await tab.finished(sent.generation.id)).toMatchObject({ status: 'done' });
    await ended;
    stack.api = next;
    expect((await uma.get('/api/auth/session')).status).toBe(200);
  });

  it('F17: what is not finished when the grace is over is kept as it is, and told', async () => {
    const tab = await Tab.open(uma);
    const conversationId = await newConversation(uma);
    await stack.azure.set({ openai: { deltaMs: 200 } });
    const sent = await tab.send(conversationId, 'count to 150');
    if (!sent.ok) throw new Error(sent.error.detail);
    await expect.poll(() => tab.of('generation:delta', sent.generation.id).length).toBeGreaterThan(2);
    await stack.api.stop('SIGTERM');
    expect(await tab.finished(sent.generation.id)).toMatchObject({
      status: 'interrupted',
      error: { code: 'generation_interrupted' },
    });
  });

  it('F16: after a kill the next one waits for its turn and starts', async () => {
    stack.api = await startApi(stack.env);
    await stack.api.stop('SIGKILL');
    stack.api = await startApi(stack.env);
    expect((await uma.get('/api/auth/session')).status).toBe(200);
  });
});
