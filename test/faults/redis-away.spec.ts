import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messagesOf, newConversation, Tab } from '../support/chatter.ts';
import { type Processes, startTwo } from '../support/processes.ts';
import { noRedis } from '../support/redis.ts';
import { Visitor } from '../support/visitor.ts';

const patiently = { timeout: 10_000, interval: 50 };

describe.skipIf(noRedis)('F5: Redis away and back', () => {
  let two: Processes;
  let uma: Visitor;
  beforeAll(async () => {
    two = await startTwo();
    uma = await signedIn('uma');
  });
  afterAll(() => two?.stop());

  async function signedIn(person: string): Promise<Visitor> {
    const visitor = new Visitor(two.one.url, two.stack.url);
    await visitor.signIn(two.stack.azure, person);
    return visitor;
  }
  const elsewhere = (visitor: Visitor) => visitor.at(two.other.url);
  const ready = async () =>
    Promise.all(
      [two.one, two.other].map(async ({ url }) => {
        const response = await fetch(`${url}/api/health/ready`);
        const { info } = (await response.json()) as { info: { redis: { connected: boolean } } };
        return [response.status, info.redis.connected];
      }),
    );
  const both = (isConnected: boolean) =>
    expect.poll(ready, patiently).toEqual([
      [200, isConnected],
      [200, isConnected],
    ]);
  const send = async (visitor: Visitor, content: string) => {
    const conversationId = await newConversation(visitor);
    const { status, body } = await visitor.post<{ generation: { id: string } }>(
      `/api/chat/conversations/${conversationId}/messages`,
      { content, clientMessageId: crypto.randomUUID() },
    );
    expect(status).toBe(202);
    return { conversationId, id: body.generation.id };
  };

  it('a server that is silent keeps nobody waiting', async () => {
    await both(true);
    two.redis.pause();
    const begun = performance.now();
    expect((await uma.get('/api/auth/session')).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(3_000);
    await both(false);
    two.redis.resume();
    await both(true);
  });

  it('everybody stays signed in, answers come, and what one process ends has ended on the other', async () => {
    await two.redis.stop();
    await both(false);
    for (const visitor of [uma, elsewhere(uma)])
      expect((await visitor.get('/api/auth/session')).status).toBe(200);

    const { conversationId, id } = await send(uma, 'Show me a table');
    const followed = await elsewhere(uma).get<string>(`/api/chat/generations/${id}/events`);
    expect(followed.body).toContain('"status":"done"');
    expect(await messagesOf(elsewhere(uma), conversationId)).toMatchObject([{}, { status: 'done' }]);

    const running = await send(uma, 'count to 2000');
    await elsewhere(uma).post(`/api/chat/generations/${running.id}/stop`);
    await expect
      .poll(async () => (await messagesOf(uma, running.conversationId)).at(-1)?.status, patiently)
      .toBe('stopped');

    const gustav = await signedIn('gustav');
    const tab = await Tab.open(elsewhere(gustav));
    expect((await elsewhere(gustav).get('/api/auth/session')).status).toBe(200);
    await gustav.post('/api/auth/logout');
    expect((await elsewhere(gustav).get('/api/auth/session')).status).toBe(401);
    await expect.poll(() => tab.socket.connected, patiently).toBe(false);
  });

  it('afterwards the tabs of both hear everything again', async () => {
    await two.redis.start();
    await both(true);
    const tab = await Tab.open(elsewhere(uma));
    const { id } = await send(uma, 'Hello');
    const end = await tab.finished(id);
    expect(tab.of('generation:delta', id)).toHaveLength(end.seq - 1);
    tab.close();
  });
});
