import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversation, Message, Page, SentMessage } from '#contracts';
import { messagesOf, newConversation, Tab } from '../support/chatter.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const patiently = { timeout: 10_000, interval: 20 };

describe('F19: two tabs in one conversation', () => {
  let stack: Stack;
  let uma: Visitor;
  let tabs: [Tab, Tab];
  beforeAll(async () => {
    stack = await startStack();
    uma = stack.visitor();
    await uma.signIn(stack.azure, 'uma');
    tabs = [await Tab.open(uma), await Tab.open(uma)];
    // Whoever comes second in a race comes while the first answer is being written.
    await stack.azure.set({ openai: { firstDeltaMs: 1_000, deltaMs: 2 } });
  });
  afterAll(async () => {
    tabs?.forEach((tab) => tab.close());
    await stack.stop();
  });

  /** Both at the same moment: one is taken, the other is told why not. Returns the generation that began. */
  async function race(act: (tab: Tab, index: number) => Promise<{ status: number; body: unknown }>) {
    const answers = await Promise.all(tabs.map(act));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([202, 409]);
    const [refused, taken] = statuses[0] === 409 ? answers : answers.toReversed();
    expect(refused?.body).toMatchObject({ code: 'generation_running', title: expect.any(String) as string });
    const { id } = (taken!.body as SentMessage).generation;
    await Promise.all(tabs.map((tab) => tab.finished(id)));
    return id;
  }
  const texts = (tab: Tab, id: string) => tab.of('generation:delta', id).map(({ text }) => text);
  async function converged(conversationId: string, ids: string[]): Promise<Message[]> {
    for (const id of ids) expect(texts(tabs[0], id)).toEqual(texts(tabs[1], id));
    return messagesOf(uma, conversationId);
  }

  it('both send, regenerate and edit at once, again and again: one at a time, and both show the same', async () => {
    const conversationId = await newConversation(uma);
    const send = (content: string, parentId?: string | null) =>
      uma.post<SentMessage>(`/api/chat/conversations/${conversationId}/messages`, {
        content,
        clientMessageId: crypto.randomUUID(),
        ...(parentId === undefined ? {} : { parentId }),
      });
    const ids: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      ids.push(await race((_, index) => send(`echo ${round} from tab ${index}`)));
      const before = await converged(conversationId, ids);
      const [question, answer] = before.slice(-2) as [Message, Message];
      expect(answer.parentId).toBe(question.id);
      ids.push(await race(() => uma.post(`/api/chat/messages/${answer.id}/regenerate`)));
      // Editing is asking anew where the question stood.
      ids.push(await race((_, index) => send(`echo edited in tab ${index}`, question.parentId)));
    }
    const stored = await converged(conversationId, ids);
    expect(stored).toHaveLength(3 * 5);
    expect(stored.filter(({ role }) => role === 'assistant').map(({ status }) => status)).toEqual(
      Array.from({ length: 9 }, () => 'done'),
    );
  });

  it('both rename at once: the last change has the latest time, for both tabs, the list and whoever asks', async () => {
    const ids = await Promise.all([newConversation(uma), newConversation(uma)]);
    for (let round = 0; round < 4; round += 1)
      await Promise.all(
        ids.flatMap((id) =>
          tabs.map((_, index) =>
            uma.patch(`/api/chat/conversations/${id}`, { title: `${round} by tab ${index}` }),
          ),
        ),
      );
    for (const id of ids) {
      const { body: stored } = await uma.get<Conversation>(`/api/chat/conversations/${id}`);
      for (const tab of tabs) {
        const heard = () =>
          tab.events
            .filter(({ name }) => name === 'conversation:updated')
            .map(({ data }) => data.conversation as Conversation)
            .filter((conversation) => conversation.id === id);
        await expect.poll(() => heard().filter(({ title }) => /tab/.test(title)).length, patiently).toBe(8);
        const times = heard().map(({ updatedAt }) => updatedAt);
        expect(new Set(times).size).toBe(times.length);
        expect(heard().toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0]).toEqual(stored);
      }
    }
    const { body: list } = await uma.get<Page<Conversation>>('/api/chat/conversations');
    const times = list.items.map(({ updatedAt }) => updatedAt);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it('one deletes what the other writes in: the other is told, and nothing of it is left', async () => {
    const conversationId = await newConversation(uma);
    const sent = await tabs[0].send(conversationId, 'count to 2000');
    if (!sent.ok) throw new Error(sent.error.detail);
    await expect.poll(() => texts(tabs[1], sent.generation.id).length, patiently).toBeGreaterThan(0);
    const [deleted, late] = await Promise.all([
      uma.delete(`/api/chat/conversations/${conversationId}`),
      tabs[1].send(conversationId, 'too late'),
    ]);
    expect(deleted.status).toBe(204);
    expect(late).toMatchObject({ ok: false, error: { status: expect.toBeOneOf([404, 409]) as number } });
    for (const tab of tabs)
      await expect
        .poll(() => tab.events.some((event) => event.name === 'conversation:deleted'), patiently)
        .toBe(true);
    expect((await uma.get(`/api/chat/conversations/${conversationId}/messages`)).status).toBe(404);
    await expect.poll(async () => (await stack.azure.calls('openai')).at(-1)?.aborted, patiently).toBe(true);
  });
});
