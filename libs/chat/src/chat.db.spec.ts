import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  conversationPageSchema,
  conversationSchema,
  messagePageSchema,
  problemSchema,
  regeneratedSchema,
  sentMessageSchema,
  wholeTurnAnswerSchema,
} from '#contracts';
import {
  answered,
  done,
  finishChunk,
  refused,
  stalled,
  streamed,
  textChunk,
} from '../test/azure-stand-in.ts';
import { type ChatApp, type Person, readEvents, startChatApp } from '../test/chat-app.ts';
import { until } from '../../../test/support/until.ts';
import { GenerationRows } from './generation/generation-rows.ts';

describe('chat over HTTP', () => {
  let chat: ChatApp;
  let ada: Person;
  let ben: Person;
  beforeAll(async () => {
    chat = await startChatApp();
    ada = await chat.person();
    ben = await chat.person();
  });
  afterAll(() => chat.close());

  const newConversation = async (who = ada): Promise<string> =>
    (await who.json('POST', '/api/chat/conversations')).body.id;
  const ask = (id: string, content = 'Hi', who = ada) =>
    who.json('POST', `/api/chat/conversations/${id}/messages`, { content, clientMessageId: randomUUID() });
  const messagesOf = async (id: string, who = ada) =>
    messagePageSchema.parse((await who.json('GET', `/api/chat/conversations/${id}/messages`)).body).items;
  const finished = (id: string, who = ada) =>
    until(async () => (await messagesOf(id, who)).every(({ status }) => status !== 'streaming'));

  it('offers the models', async () => {
    expect(await ada.json('GET', '/api/chat/models')).toEqual({
      status: 200,
      body: {
        items: [
          { id: 'gpt-4o', label: 'gpt-4o' },
          { id: 'o3', label: 'o3' },
        ],
      },
    });
  });

  it('keeps conversations as the contract says', async () => {
    const created = await ada.json('POST', '/api/chat/conversations', { title: ' Mine ' });
    expect(created.status).toBe(201);
    const { id } = conversationSchema.strict().parse(created.body);
    expect(await ada.json('GET', `/api/chat/conversations/${id}`)).toEqual({
      status: 200,
      body: created.body,
    });
    const renamed = await ada.json('PATCH', `/api/chat/conversations/${id}`, { title: 'Ours' });
    expect([renamed.status, renamed.body.title]).toEqual([200, 'Ours']);
    const page = await ada.json('GET', '/api/chat/conversations?limit=1');
    expect(conversationPageSchema.strict().parse(page.body).items[0]).toEqual(renamed.body);
    expect(await ada.json('DELETE', `/api/chat/conversations/${id}`)).toEqual({
      status: 204,
      body: undefined,
    });
    expect((await ada.json('GET', `/api/chat/conversations/${id}`)).status).toBe(404);
  });

  it('AUZ-03: ignores what may not be written', async () => {
    const forbidden = {
      id: randomUUID(),
      userId: ben.userId,
      createdAt: '2000-01-01T00:00:00Z',
      updatedAt: null,
    };
    const { body } = await ada.json('POST', '/api/chat/conversations', { title: 'x', ...forbidden });
    expect(body.id).not.toBe(forbidden.id);
    expect(body.createdAt).not.toBe(forbidden.createdAt);
    await ada.json('PATCH', `/api/chat/conversations/${body.id}`, { title: 'y', ...forbidden });
    expect((await ben.json('GET', `/api/chat/conversations/${body.id}`)).status).toBe(404);
    const sent = {
      content: 'q',
      clientMessageId: 'c',
      role: 'assistant',
      status: 'failed',
      userId: ben.userId,
    };
    const { message } = (await ada.json('POST', `/api/chat/conversations/${body.id}/messages`, sent)).body;
    expect(message).toMatchObject({ role: 'user', status: 'done' });
    await finished(body.id);
  });

  it('accepts a question, answers it with the own token of the sender, and shows both', async () => {
    chat.azure.will();
    const id = await newConversation();
    const sent = await ask(id, 'What is PKCE?');
    expect(sent.status).toBe(202);
    const { message, generation } = sentMessageSchema.strict().parse(sent.body);
    await finished(id);
    expect(chat.azure.received.map(({ authorization }) => authorization)).toEqual([
      `Bearer token of ${ada.userId}`,
    ]);
    const [question, answer] = await messagesOf(id);
    expect(question).toEqual(message);
    expect(answer).toMatchObject({
      id: generation.messageId,
      parentId: message.id,
      content: 'Hello',
      status: 'done',
      model: 'gpt-4o',
      usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
    });
    expect((await ada.json('GET', `/api/chat/conversations/${id}`)).body.title).toBe('What is PKCE?');

    const again = await ada.json('POST', `/api/chat/messages/${answer!.id}/regenerate`);
    expect(again.status).toBe(202);
    const regenerated = regeneratedSchema.strict().parse(again.body);
    await finished(id);
    expect((await messagesOf(id)).map(({ id: own, parentId }) => [own, parentId])).toEqual([
      [message.id, null],
      [answer!.id, message.id],
      [regenerated.generation.messageId, message.id],
    ]);
  });

  it('AUZ-05: two people at once, each call with the right token', async () => {
    chat.azure.will(
      ...Array.from({ length: 6 }, () => streamed(textChunk('a'), 30, finishChunk('stop'), done)),
    );
    const asked = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => {
        const who = index % 2 ? ada : ben;
        const id = await newConversation(who);
        await ask(id, `by ${who.userId}`, who);
        return { who, id };
      }),
    );
    for (const { who, id } of asked) await finished(id, who);
    expect(chat.azure.received).toHaveLength(6);
    for (const { authorization, body } of chat.azure.received)
      expect(authorization).toBe(`Bearer token of ${body.messages[1].content.slice(3)}`);
  });

  it('F20: twenty parallel equal posts get the same answer and make one call', async () => {
    chat.azure.will();
    const id = await newConversation();
    const body = { content: 'once', clientMessageId: 'the same' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ada.json('POST', `/api/chat/conversations/${id}/messages`, body)),
    );
    expect(answers.every((answer) => answer.status === 202)).toBe(true);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    await finished(id);
    expect(await messagesOf(id)).toHaveLength(2);
    expect(chat.azure.received).toHaveLength(1);
  });

  it('F21: stop reaches Azure at once, and not when the row is read again', async () => {
    chat.azure.will(stalled(textChunk('so far')));
    const id = await newConversation();
    const { generation } = (await ask(id)).body;
    await until(async () => (await messagesOf(id))[1]!.content === 'so far');
    vi.spyOn(chat.app.get(GenerationRows), 'requestStop').mockResolvedValueOnce();
    const stopped = await ada.json('POST', `/api/chat/generations/${generation.id}/stop`);
    expect(stopped.status).toBe(202);
    await until(() => chat.azure.received[0]!.closedAt !== null);
    await finished(id);
    expect((await messagesOf(id))[1]).toMatchObject({ content: 'so far', status: 'stopped' });
    expect((await ada.json('POST', `/api/chat/generations/${generation.id}/stop`)).status).toBe(202);
  });

  it('streams the events of an answer with their numbers, from the beginning or from where it was lost', async () => {
    chat.azure.will(streamed(textChunk('a\n\n'), 30, textChunk('b'), 30, finishChunk('stop'), done));
    const id = await newConversation();
    const { generation } = (await ask(id)).body;
    const path = `/api/chat/generations/${generation.id}/events`;
    const live = await ada.call('GET', path);
    expect(live.headers.get('content-type')).toContain('text/event-stream');
    expect(live.headers.get('cache-control')).toContain('no-store');
    expect(live.headers.get('x-accel-buffering')).toBe('no');
    const events = await readEvents(live);
    expect(events.map((event) => [event.id, event.event, event.data.text ?? event.data.status])).toEqual([
      ['1', 'generation:delta', 'a\n\n'],
      ['2', 'generation:delta', 'b'],
      ['3', 'generation:finished', 'done'],
    ]);
    expect(await readEvents(await ada.call('GET', path))).toEqual(events);
    expect(await readEvents(await ada.call('GET', `${path}?after=1`))).toEqual(events.slice(1));
    const reconnected = await ada.call('GET', `${path}?after=0`, undefined, { 'last-event-id': '2' });
    expect(await readEvents(reconnected)).toEqual(events.slice(2));
  });

  it('F21: a watcher that hangs up does not stop the answer', async () => {
    chat.azure.will(streamed(textChunk('a'), 200, textChunk('b'), finishChunk('stop'), done));
    const id = await newConversation();
    const { generation } = (await ask(id)).body;
    const client = new AbortController();
    const response = await fetch(`${chat.url}/api/chat/generations/${generation.id}/events`, {
      headers: { 'x-user': ada.userId },
      signal: client.signal,
    });
    await response.body!.getReader().read();
    client.abort();
    await finished(id);
    expect((await messagesOf(id))[1]).toMatchObject({ content: 'ab', status: 'done' });
  });

  it('does the whole turn in one call', async () => {
    chat.azure.will();
    const first = await ada.json('POST', '/api/chat/message', { message: 'Hi' });
    expect(first.status).toBe(200);
    const { conversationId, message } = wholeTurnAnswerSchema.strict().parse(first.body);
    expect(message).toMatchObject({ role: 'assistant', content: 'Hello', status: 'done' });
    const second = await ada.json('POST', '/api/chat/message', { message: 'And?', conversationId });
    expect(second.body.conversationId).toBe(conversationId);
    expect(await messagesOf(conversationId)).toHaveLength(4);
  });

  it('does the whole turn as a stream of events', async () => {
    chat.azure.will();
    const response = await ada.call(
      'POST',
      '/api/chat/message',
      { message: 'Hi' },
      { accept: 'text/event-stream' },
    );
    expect(response.status).toBe(200);
    const events = await readEvents(response);
    expect(events.map(({ id, event }) => [id, event])).toEqual([
      [undefined, 'generation:started'],
      ['1', 'generation:delta'],
      ['2', 'generation:delta'],
      ['3', 'generation:finished'],
    ]);
    expect(events[3]!.data.message.content).toBe('Hello');
  });

  it('F21: a script that hangs up in the middle of a turn loses the answer, not the generation', async () => {
    chat.azure.will(streamed(textChunk('a'), 200, textChunk('b'), finishChunk('stop'), done));
    const id = await newConversation();
    const client = new AbortController();
    const call = fetch(`${chat.url}/api/chat/message`, {
      method: 'POST',
      headers: { 'x-user': ada.userId, 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Hi', conversationId: id }),
      signal: client.signal,
    });
    await until(() => chat.azure.received.length === 1);
    client.abort();
    await expect(call).rejects.toThrow();
    await finished(id);
    expect((await messagesOf(id))[1]).toMatchObject({ content: 'ab', status: 'done' });
  });

  it.each([
    [
      'F13: 401 twice',
      [refused(401, { code: '401' }), refused(401, { code: '401' })],
      'model_credential_rejected',
    ],
    ['403', [refused(403, { code: 'Forbidden' })], 'model_role_missing'],
    ['404', [refused(404, { code: 'DeploymentNotFound' })], 'model_deployment_missing'],
    ['F12: 429', [refused(429, { code: '429' }, { 'retry-after': '41' })], 'model_rate_limited'],
    ['F15: a cut', [streamed(textChunk('part'))], 'model_unavailable'],
  ])('%s is explained on the message, with the words of the contract', async (_, replies, code) => {
    chat.azure.will(...replies);
    const { body } = await ada.json('POST', '/api/chat/message', { message: 'Hi' });
    expect(body.message).toMatchObject({ status: 'failed', error: { code } });
    expect(body.message.error.detail.length).toBeGreaterThan(20);
    expect(body.message.error.retryAfterSeconds).toBe(code === 'model_rate_limited' ? 41 : undefined);
  });

  it('AUZ-02: every id of another person is answered like one that does not exist', async () => {
    chat.azure.will(answered);
    const id = await newConversation();
    const { message, generation } = (await ask(id)).body;
    await finished(id);
    const own = await newConversation(ben);
    const send = { content: 'x', clientMessageId: 'c' };
    const calls: [
      string,
      (target: { conversation: string; message: string; generation: string }) => string,
      unknown?,
    ][] = [
      ['GET', ({ conversation }) => `/conversations/${conversation}`],
      ['PATCH', ({ conversation }) => `/conversations/${conversation}`, { title: 'Stolen' }],
      ['DELETE', ({ conversation }) => `/conversations/${conversation}`],
      ['GET', ({ conversation }) => `/conversations/${conversation}/messages`],
      ['POST', ({ conversation }) => `/conversations/${conversation}/messages`, send],
      ['POST', (target) => `/messages/${target.message}/regenerate`],
      ['POST', (target) => `/generations/${target.generation}/stop`],
      ['GET', (target) => `/generations/${target.generation}/events`],
    ];
    const foreign = { conversation: id, message: message.id, generation: generation.id };
    const unknown = { conversation: randomUUID(), message: randomUUID(), generation: randomUUID() };
    for (const [method, path, body] of calls) {
      const answers = [];
      for (const target of [foreign, unknown]) {
        const answer = await ben.json(method, `/api/chat${path(target)}`, body);
        answers.push({ ...answer, body: { ...answer.body, requestId: '' } });
      }
      expect(answers[0], `${method} ${path(foreign)}`).toEqual(answers[1]);
      expect(answers[0]).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    for (const target of [foreign, unknown]) {
      const turn = await ben.json('POST', '/api/chat/message', {
        message: 'x',
        conversationId: target.conversation,
      });
      expect(turn).toMatchObject({ status: 404, body: { code: 'not_found' } });
      const sent = { ...send, parentId: target.message };
      expect(await ben.json('POST', `/api/chat/conversations/${own}/messages`, sent)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    expect(await messagesOf(id)).toHaveLength(2);
    expect(await messagesOf(own, ben)).toHaveLength(0);
  });

  it('lets a viewer read and nothing else', async () => {
    const viewer = await chat.person('viewer');
    expect((await viewer.json('GET', '/api/chat/conversations')).status).toBe(200);
    for (const path of ['/conversations', '/message', `/messages/${randomUUID()}/regenerate`])
      expect((await viewer.json('POST', `/api/chat${path}`, { message: 'x' })).body.code).toBe('forbidden');
  });

  const strange = [
    ['POST', '/conversations', '[]'],
    ['POST', '/conversations', 'null'],
    ['POST', '/conversations', '{"title":5}'],
    ['POST', '/conversations', '{"title":"a\\u0000b"}'],
    ['POST', '/conversations', '{"title":""}'],
    ['POST', '/conversations', '{"model":"gpt-9"}'],
    ['POST', '/conversations', '{"__proto__":{"title":"x"},"title":{}}'],
    ['PATCH', '/conversations/ID', '{}'],
    ['PATCH', '/conversations/ID', undefined],
    ['PATCH', '/conversations/:id', '{"title":"x"}'],
    ['GET', '/conversations/1', undefined],
    ['GET', '/conversations?limit=0', undefined],
    ['GET', '/conversations?limit=1&limit=2', undefined],
    ['GET', '/conversations?cursor=%00', undefined],
    ['GET', '/conversations/ID/messages?cursor=bnVsbA', undefined],
    ['POST', '/conversations/ID/messages', undefined],
    ['POST', '/conversations/ID/messages', '{}'],
    ['POST', '/conversations/ID/messages', '{"content":["a"],"clientMessageId":"c"}'],
    ['POST', '/conversations/ID/messages', '{"content":"  ","clientMessageId":"c"}'],
    ['POST', '/conversations/ID/messages', '{"content":"a\\u0000","clientMessageId":"c"}'],
    ['POST', '/conversations/ID/messages', '{"content":"a","clientMessageId":"\\u0000"}'],
    ['POST', '/conversations/ID/messages', '{"content":"a","clientMessageId":"c","parentId":"x"}'],
    ['POST', '/conversations/ID/messages', '{"content":"a","clientMessageId":"c","parentId":{"a":1}}'],
    ['POST', '/messages/x/regenerate', undefined],
    ['POST', '/generations/x/stop', undefined],
    ['GET', '/generations/x/events', undefined],
    ['GET', `/generations/${randomUUID()}/events?after=-1`, undefined],
    ['POST', '/message', '{"message":null}'],
    ['POST', '/message', '{"message":"x","conversationId":""}'],
  ] as const;
  it.each(strange)('API-01: refuses %s %s %s', async (method, path, body) => {
    const id = await newConversation();
    const answer = await ada.json(method, `/api/chat${path.replace('ID', id)}`, body);
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(answer.body).code).toMatch(/^(validation_failed|no_fields_to_update)$/);
    expect(await messagesOf(id)).toHaveLength(0);
  });

  it('takes the longest message there may be, and no longer one', async () => {
    chat.azure.will(answered);
    const id = await newConversation();
    expect((await ask(id, '日'.repeat(100_000))).status).toBe(202);
    await finished(id);
    expect((await ask(id, 'x'.repeat(100_001))).status).toBe(400);
  });
});
