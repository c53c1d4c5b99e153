import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Conversation, SessionAnswer } from '#contracts';
import { messagesOf, newConversation, readEvents, Tab } from '../support/chatter.ts';
import { type Processes, startTwo } from '../support/processes.ts';
import { noRedis } from '../support/redis.ts';
import { Visitor } from '../support/visitor.ts';
import { withinASecond } from '../support/within-a-second.ts';

const long = 'count to 150';

describe.skipIf(noRedis)('two processes', () => {
  let two: Processes;
  let adele: Visitor;
  const tabs: Tab[] = [];
  beforeAll(async () => {
    two = await startTwo();
    adele = await signedIn('adele');
  });
  afterAll(() => two?.stop());
  afterEach(async () => {
    tabs.splice(0).forEach((tab) => tab.close());
    await two.stack.azure.reset();
  });

  /** A browser that signed in at one process. */
  async function signedIn(person: string): Promise<Visitor> {
    const visitor = new Visitor(two.one.url, two.stack.url);
    await visitor.signIn(two.stack.azure, person);
    return visitor;
  }
  const elsewhere = (visitor: Visitor) => visitor.at(two.other.url);
  async function tabOf(visitor: Visitor): Promise<Tab> {
    const tab = await Tab.open(visitor);
    tabs.push(tab);
    return tab;
  }
  /** An answer that one process writes, and a tab that watches it on the other. */
  async function watching(visitor: Visitor, content = long) {
    const tab = await tabOf(elsewhere(visitor));
    const conversationId = await newConversation(visitor);
    const { status, body } = await visitor.post<{ generation: { id: string } }>(
      `/api/chat/conversations/${conversationId}/messages`,
      { content, clientMessageId: crypto.randomUUID() },
    );
    expect(status).toBe(202);
    const { id } = body.generation;
    const seen = () => tab.of('generation:delta', id).map(({ seq }) => seq as number);
    return { tab, conversationId, id, seen };
  }
  const idOf = async (visitor: Visitor) => (await visitor.get<SessionAnswer['user']>('/api/auth/me')).body.id;
  const endOf = (tab: Tab) => tab.events.find(({ name }) => name === 'session:ended')?.data;

  it('F18: what one writes, the other shows as it comes, from any number on and to followers too', async () => {
    const uma = await signedIn('uma');
    const { tab, id, seen, conversationId } = await watching(uma);
    await expect.poll(() => seen().length).toBeGreaterThan(5);
    const late = await tabOf(elsewhere(uma));
    const resumed = await late.ask<{ seq: number }>('generation:resume', { generationId: id, after: 2 });
    expect(resumed).toMatchObject({ ok: true, status: 'streaming' });
    const followed = elsewhere(uma).get<string>(`/api/chat/generations/${id}/events?after=3`);
    const end = await tab.finished(id);
    expect(seen()).toEqual(seen().map((_, index) => index + 1));
    expect(end).toMatchObject({ status: 'done', seq: seen().length + 1 });
    const text = (of: Tab) => of.of('generation:delta', id).map((delta) => delta.text);
    expect(text(tab).join('')).toBe(end.message.content);
    await late.finished(id);
    // What comes live meanwhile may come before what was missed, and twice: the numbers tell.
    const numbers = new Set(late.of('generation:delta', id).map(({ seq }) => seq as number));
    expect([...numbers].toSorted((a, b) => a - b)).toEqual(seen().slice(2));
    const events = readEvents((await followed).body);
    expect(events.map(({ data }) => data.seq)).toEqual([...seen().slice(3), end.seq]);
    expect(await messagesOf(elsewhere(uma), conversationId)).toMatchObject([
      { role: 'user' },
      { status: 'done', content: end.message.content },
    ]);
  });

  it('stopping at one stops what the other writes', async () => {
    const uma = await signedIn('uma');
    const { tab, id, seen } = await watching(uma);
    await expect.poll(() => seen().length).toBeGreaterThan(5);
    await elsewhere(uma).post(`/api/chat/generations/${id}/stop`);
    await withinASecond(() =>
      expect(tab.of('generation:finished', id)).toMatchObject([{ status: 'stopped' }]),
    );
  });

  it('a new title shows in the tabs of the other', async () => {
    const uma = await signedIn('uma');
    const tab = await tabOf(elsewhere(uma));
    const id = await newConversation(uma);
    await uma.patch<Conversation>(`/api/chat/conversations/${id}`, { title: 'Renamed elsewhere' });
    const titles = () =>
      tab.events
        .filter(({ name }) => name === 'conversation:updated')
        .map(({ data }) => (data.conversation as Conversation).title);
    await withinASecond(() => expect(titles()).toContain('Renamed elsewhere'));
  });

  it.each([
    ['signing out', (visitor: Visitor) => visitor.post('/api/auth/logout'), 'not_authenticated'],
    [
      'an administrator',
      async (visitor: Visitor) => adele.delete(`/api/admin/users/${await idOf(visitor)}/sessions`),
      'session_ended_by_administrator',
    ],
    [
      'disabling the person',
      async (visitor: Visitor) => adele.patch(`/api/admin/users/${await idOf(visitor)}`, { isActive: false }),
      'account_disabled',
    ],
  ])(
    'WSK-02, SES-05: %s ends it on both within a second: cookie, token, socket, answer',
    async (_, act, code) => {
      const gustav = await signedIn('gustav');
      const other = elsewhere(gustav);
      const { body } = await other.post<{ accessToken: string }>('/api/auth/token');
      const bearer = { authorization: `Bearer ${body.accessToken}` };
      const script = new Visitor(two.other.url, two.stack.url);
      // The answer is written where the session will not be ended.
      const { tab, id, seen } = await watching(other);
      await expect.poll(() => seen().length).toBeGreaterThan(3);
      expect((await other.get('/api/auth/session')).status).toBe(200);
      expect((await script.get('/api/auth/me', bearer)).status).toBe(200);

      expect((await act(gustav)).status).toBeLessThan(300);
      const answers = async () => [
        (await other.get('/api/auth/session')).status,
        (await script.get('/api/auth/me', bearer)).status,
        tab.socket.connected,
        (await two.stack.azure.calls('openai')).at(-1)?.aborted,
      ];
      await withinASecond(async () => expect(await answers()).toEqual([401, 401, false, true]));
      expect(endOf(tab)).toEqual({ code });
      expect(tab.of('generation:finished', id)).toEqual([]);
      await adele.patch(`/api/admin/users/${await idOfByName('Gustav Berg')}`, { isActive: true });
    },
  );

  const idOfByName = async (search: string) =>
    (await adele.get<{ items: { id: string }[] }>(`/api/admin/users?search=${encodeURIComponent(search)}`))
      .body.items[0]!.id;

  it('API-04: a limit is one for both', async () => {
    const visitors = [two.one.url, two.other.url].map((url) => new Visitor(url, two.stack.url));
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) => visitors[index % 2]!.post('/api/auth/device', {})),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
  });
});
