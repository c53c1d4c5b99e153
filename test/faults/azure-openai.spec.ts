/** Azure OpenAI throttling, filtering and breaking off, as the person in front of it and the next question see it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { messagesOf, newConversation, Tab } from '../support/chatter.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

const soon = { timeout: 10_000, interval: 20 };

describe('Azure OpenAI', () => {
  let stack: Stack;
  let uma: Visitor;
  let gustav: Visitor;
  const tabs: Record<string, Tab> = {};
  beforeAll(async () => {
    stack = await startStack();
    [uma, gustav] = [stack.visitor(), stack.visitor()];
    await uma.signIn(stack.azure, 'uma');
    await gustav.signIn(stack.azure, 'gustav');
    Object.assign(tabs, { uma: await Tab.open(uma), gustav: await Tab.open(gustav) });
  });
  afterAll(async () => {
    Object.values(tabs).forEach((tab) => tab.close());
    await stack.stop();
  });
  afterEach(() => stack.azure.reset());

  const fault = (kind: string, more: object = {}) =>
    stack.azure.set({ openai: { deltaMs: 5 }, faults: { openai: [{ kind, person: 'uma', ...more }] } });
  async function ask(visitor: Visitor, content: string) {
    const tab = visitor === uma ? tabs.uma! : tabs.gustav!;
    const conversationId = await newConversation(visitor);
    const sent = await tab.send(conversationId, content);
    if (!sent.ok) throw new Error(sent.error.detail);
    return { tab, conversationId, id: sent.generation.id, messageId: sent.generation.messageId };
  }
  const calls = async () => (await stack.azure.calls('openai')).map(({ at }) => Date.parse(at));

  it.each([
    ['retry-after-ms', { retryAfterMs: 1_500 }, 2, 1_500],
    ['Retry-After', { retryAfter: 2 }, 2, 2_000],
  ])('F12: a wait by %s is told, kept, and followed by the answer', async (_, wait, told, waitMs) => {
    await fault('too-many-requests', wait);
    const { tab, id } = await ask(uma, 'count to 3');
    expect(await tab.finished(id)).toMatchObject({ status: 'done' });
    expect(tab.of('generation:waiting', id)).toEqual([
      { generationId: id, code: 'model_rate_limited', retryAfterSeconds: told },
    ]);
    const [first = 0, second = 0] = await calls();
    expect(second - first).toBeGreaterThanOrEqual(waitMs - 5);
  });

  it('F12: without a word of Azure’s on how long, three tries and then the person decides', async () => {
    await fault('too-many-requests', { times: null });
    const begun = performance.now();
    const { tab, id } = await ask(uma, 'Hello');
    const { status, error } = await tab.finished(id);
    expect([status, error?.code]).toEqual(['failed', 'model_rate_limited']);
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(await calls()).toHaveLength(3);
  });

  it('F12, F21: who waits can stop it at once, and Azure is not asked again; nobody else waits', async () => {
    const waitMs = 8_000;
    await fault('too-many-requests', { retryAfterMs: waitMs });
    const { tab, id } = await ask(uma, 'Hello');
    await expect.poll(() => tab.of('generation:waiting', id).length, soon).toBe(1);
    const other = await ask(gustav, 'count to 3');
    expect(await other.tab.finished(other.id)).toMatchObject({ status: 'done' });
    const asked = performance.now();
    expect((await tab.ask('generation:stop', { generationId: id })).ok).toBe(true);
    expect(await tab.finished(id)).toMatchObject({ status: 'stopped' });
    expect(performance.now() - asked).toBeLessThan(waitMs / 2);
    const ofUma = () => stack.azure.calls('openai', { person: 'uma' });
    const [first] = await ofUma();
    await expect
      .poll(() => Date.now() - Date.parse(first!.at), { timeout: 2 * waitMs })
      .toBeGreaterThan(waitMs + 1_000);
    expect(await ofUma()).toHaveLength(1);
  });

  it.each([
    ['F14', 'filter-completion', 'failed', 'model_content_filtered'],
    ['F14', 'length', 'done', undefined],
    ['F15', 'cut', 'failed', 'model_unavailable'],
    ['F15', 'garbage', 'failed', 'model_unavailable'],
    ['F12, F15', 'error-event', 'failed', 'model_unavailable'],
  ])(
    '%s: after %s in the middle the text stays, the end is named, and nothing is tried behind the person’s back',
    async (_, kind, status, code) => {
      await fault(kind, { after: 5 });
      const { tab, id, conversationId, messageId } = await ask(uma, 'count to 30');
      const end = await tab.finished(id);
      expect([end.status, end.error?.code]).toEqual([status, code]);
      expect(end.message.truncated ?? false).toBe(kind === 'length');
      const text = tab.of('generation:delta', id).map((delta) => delta.text);
      expect(text.length).toBeGreaterThanOrEqual(5);
      expect(text.length).toBeLessThan(30);
      expect((await messagesOf(uma, conversationId)).at(-1)).toMatchObject({
        status,
        content: text.join(''),
      });
      expect(await calls()).toHaveLength(1);

      const again = await uma.post<{ generation: { id: string } }>(
        `/api/chat/messages/${messageId}/regenerate`,
      );
      expect(again.status).toBe(202);
      expect(await tab.finished(again.body.generation.id)).toMatchObject({ status: 'done' });
    },
  );

  it('F15: characters that arrive in pieces are put together', async () => {
    await fault('split-utf8');
    const text = 'naïve 🦉 日本語 done';
    const { tab, id } = await ask(uma, `echo ${text}`);
    const { status, content } = (await tab.finished(id)).message;
    expect([status, content.endsWith(text)]).toEqual(['done', true]);
  });
});
