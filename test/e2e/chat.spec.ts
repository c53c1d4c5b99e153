import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Message, SentMessage } from '#contracts';
import { messagesOf, newConversation, readEvents, Tab } from '../support/chatter.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';
import { withinASecond } from '../support/within-a-second.ts';

const long = 'count to 150';
const soon = { timeout: 20_000, interval: 50 };

describe('chatting', () => {
  let stack: Stack;
  let uma: Visitor;
  let gustav: Visitor;
  beforeAll(async () => {
    stack = await startStack();
    [uma, gustav] = [stack.visitor(), stack.visitor()];
    await uma.signIn(stack.azure, 'uma');
    await gustav.signIn(stack.azure, 'gustav');
  });
  afterAll(() => stack.stop());
  afterEach(() => stack.azure.reset());

  async function begin(tab: Tab, visitor: Visitor, content: string) {
    const conversationId = await newConversation(visitor);
    const sent = await tab.send(conversationId, content);
    if (!sent.ok) throw new Error(sent.error.detail);
    return { conversationId, ...sent };
  }

  it('deltas come in order without gaps to every tab of the person, and make up the stored answer', async () => {
    const [one, other, stranger] = [await Tab.open(uma), await Tab.open(uma), await Tab.open(gustav)];
    const { conversationId, generation } = await begin(one, uma, 'Show me a table');
    for (const tab of [one, other]) {
      const end = await tab.finished(generation.id);
      const deltas = tab.of('generation:delta', generation.id);
      expect(deltas.map(({ seq }) => seq)).toEqual(deltas.map((_, index) => index + 1));
      expect(end).toMatchObject({ seq: deltas.length + 1, status: 'done' });
      expect(deltas.map(({ text }) => text).join('')).toBe(end.message.content);
    }
    const [, stored] = await messagesOf(uma, conversationId);
    expect(stored).toMatchObject({
      status: 'done',
      model: 'gpt-4o',
      usage: { totalTokens: expect.any(Number) as number },
    });
    expect(stranger.events).toEqual([]);
    [one, other, stranger].forEach((tab) => tab.close());
  });

  it('AUZ-05: two people chatting at once: each upstream call carries the token of who asked', async () => {
    const tabs = { uma: await Tab.open(uma), gustav: await Tab.open(gustav) };
    const begun = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        index % 2
          ? begin(tabs.gustav, gustav, 'who am I').then(({ generation }) =>
              tabs.gustav.finished(generation.id),
            )
          : begin(tabs.uma, uma, 'who am I').then(({ generation }) => tabs.uma.finished(generation.id)),
      ),
    );
    begun.forEach(({ message }, index) =>
      expect(message.content).toContain(index % 2 ? 'Gustav Berg' : 'Uma Patel'),
    );
    const people = (await stack.azure.calls('openai')).map(({ person }) => person);
    expect(people.toSorted()).toEqual(['gustav', 'gustav', 'gustav', 'uma', 'uma', 'uma']);
    Object.values(tabs).forEach((tab) => tab.close());
  });

  it('F20: the same clientMessageId, twenty times at once: one message, one generation, one call to Azure', async () => {
    const conversationId = await newConversation(uma);
    const message = { content: 'Hello', clientMessageId: 'the-same' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        uma.post<SentMessage>(`/api/chat/conversations/${conversationId}/messages`, message),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => `${body.message.id} ${body.generation.id}`)).size).toBe(1);
    await expect
      .poll(async () => (await messagesOf(uma, conversationId)).map(({ status }) => status), soon)
      .toEqual(['done', 'done']);
    expect(await stack.azure.calls('openai')).toHaveLength(1);
  });

  it('F21: Stop aborts the call to Azure within a second and keeps the text; stopping again changes nothing', async () => {
    const tab = await Tab.open(uma);
    const { conversationId, generation } = await begin(tab, uma, long);
    await expect.poll(() => tab.of('generation:delta', generation.id).length, soon).toBeGreaterThan(10);
    expect((await uma.post(`/api/chat/generations/${generation.id}/stop`)).status).toBe(202);
    await withinASecond(async () => expect((await stack.azure.calls('openai')).at(-1)?.aborted).toBe(true));
    const end = await tab.finished(generation.id);
    expect(end.status).toBe('stopped');
    expect((await uma.post(`/api/chat/generations/${generation.id}/stop`)).status).toBe(202);
    const [, stored] = await messagesOf(uma, conversationId);
    expect(stored).toMatchObject({ status: 'stopped', content: end.message.content });
    tab.close();
  });

  it('F18: who lost the connection resumes after the last number it has, and misses nothing', async () => {
    const first = await Tab.open(uma);
    const { generation } = await begin(first, uma, long);
    await expect.poll(() => first.of('generation:delta', generation.id).length, soon).toBeGreaterThan(20);
    first.close();
    const have = first.of('generation:delta', generation.id);
    const second = await Tab.open(uma);
    const resumed = await second.ask('generation:resume', {
      generationId: generation.id,
      after: have.length,
    });
    expect(resumed.ok).toBe(true);
    const end = await second.finished(generation.id);
    const later = new Map(second.of('generation:delta', generation.id).map(({ seq, text }) => [seq, text]));
    const all = [
      ...have.map(({ text }) => text),
      ...Array.from({ length: end.seq - 1 - have.length }, (_, index) => later.get(have.length + 1 + index)),
    ];
    expect(all.join('')).toBe(end.message.content);
    second.close();
  });

  it('the events of a generation, running or long finished, come as server-sent events from any number on', async () => {
    const tab = await Tab.open(uma);
    const { generation } = await begin(tab, uma, 'Show me a table');
    const live = await uma.get<string>(`/api/chat/generations/${generation.id}/events`);
    expect(live.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const end = await tab.finished(generation.id);
    const later = await uma.get<string>(`/api/chat/generations/${generation.id}/events?after=${end.seq - 3}`);
    for (const [text, from] of [
      [live.body, 1],
      [later.body, end.seq - 2],
    ] as const) {
      const events = readEvents(text).filter(({ event }) => event !== 'generation:started');
      expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => from + index));
      expect(events.at(-1)).toMatchObject({ event: 'generation:finished', data: { status: 'done' } });
    }
    tab.close();
  });

  it('a whole turn in one call, as JSON and as a stream', async () => {
    const whole = await uma.post<{ conversationId: string; message: Message }>('/api/chat/message', {
      message: 'Hello',
    });
    expect(whole).toMatchObject({ status: 200, body: { message: { role: 'assistant', status: 'done' } } });
    const { conversationId } = whole.body;
    const stream = await uma.post<string>(
      '/api/chat/message',
      { message: 'And again', conversationId },
      { accept: 'text/event-stream' },
    );
    expect(readEvents(stream.body).at(-1)).toMatchObject({ event: 'generation:finished' });
    expect(await messagesOf(uma, conversationId)).toHaveLength(4);
  });

  it('regenerating adds another answer beside the first; a second send while one is written is refused', async () => {
    const tab = await Tab.open(uma);
    const { conversationId, generation, message } = await begin(tab, uma, long);
    const busy = await tab.send(conversationId, 'too early');
    expect(busy).toMatchObject({ ok: false, error: { code: 'generation_running', status: 409 } });
    await uma.post(`/api/chat/generations/${generation.id}/stop`);
    await tab.finished(generation.id);
    const again = await uma.post<{ generation: { id: string; messageId: string } }>(
      `/api/chat/messages/${generation.messageId}/regenerate`,
    );
    expect(again.status).toBe(202);
    await uma.post(`/api/chat/generations/${again.body.generation.id}/stop`);
    await tab.finished(again.body.generation.id);
    const answers = (await messagesOf(uma, conversationId)).filter(({ role }) => role === 'assistant');
    expect(answers.map(({ parentId }) => parentId)).toEqual([message.id, message.id]);
    tab.close();
  });

  it('F12 F13 F14 F15: what Azure answers is explained, each in its own words', async () => {
    const cases = [
      ['permission-denied', 'model_role_missing', {}],
      ['not-found', 'model_deployment_missing', {}],
      ['context-length', 'model_context_too_long', {}],
      ['filter-prompt', 'model_content_filtered', { filter: { category: expect.any(String) as string } }],
      ['too-many-requests', 'model_rate_limited', { retryAfterSeconds: 30 }],
      ['unauthorized', 'model_credential_rejected', {}],
      ['server-error', 'model_unavailable', {}],
      ['cut', 'model_unavailable', {}],
      ['garbage', 'model_unavailable', {}],
      // The last one: from here on it is up to the person.
      ['insufficient-claims', 'reauthentication_required', {}],
    ] as const;
    for (const [kind, code, more] of cases) {
      await stack.azure.set({
        faults: { openai: [{ kind, times: 5, ...(kind === 'too-many-requests' ? { retryAfter: 30 } : {}) }] },
      });
      const turn = await uma.post<{ message: Message }>('/api/chat/message', { message: 'Hello' });
      expect(turn.body.message, kind).toMatchObject({ status: 'failed', error: { code, ...more } });
      await stack.azure.reset();
    }
    await uma.signIn(stack.azure, 'uma');
  });

  it('F13: a token that Azure refuses is renewed once, and the answer comes', async () => {
    await stack.azure.set({ faults: { openai: [{ kind: 'unauthorized', times: 1 }] } });
    const turn = await uma.post<{ message: Message }>('/api/chat/message', { message: 'Hello' });
    expect(turn.body.message.status).toBe('done');
    expect(await stack.azure.calls('token')).toHaveLength(1);
  });

  it('F16: a killed process leaves an interrupted answer with the text so far, which can be tried again', async () => {
    const tab = await Tab.open(uma);
    const { conversationId, generation } = await begin(tab, uma, long);
    await expect.poll(() => tab.of('generation:delta', generation.id).length, soon).toBeGreaterThan(40);
    await stack.restartApi('SIGKILL');
    await expect
      .poll(async () => (await messagesOf(uma, conversationId)).at(-1), { timeout: 40_000, interval: 200 })
      .toMatchObject({ status: 'interrupted', error: { code: 'generation_interrupted' } });
    const [, interrupted] = await messagesOf(uma, conversationId);
    expect(interrupted?.content.length).toBeGreaterThan(20);
    const again = await uma.post<{ generation: { id: string } }>(
      `/api/chat/messages/${interrupted?.id}/regenerate`,
    );
    expect(again.status).toBe(202);
    await uma.post(`/api/chat/generations/${again.body.generation.id}/stop`);
  });
});
