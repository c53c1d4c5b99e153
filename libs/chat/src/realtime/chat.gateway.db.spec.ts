import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  generationDeltaSchema,
  generationFinishedSchema,
  generationStartedSchema,
  problemSchema,
} from '#contracts';
import { done, finishChunk, halt, stalled, streamed, textChunk } from '../../test/azure-stand-in.ts';
import { type ChatApp, type Person, startChatApp } from '../../test/chat-app.ts';
import { until } from '../../../../test/support/until.ts';
import { ChatGateway } from './chat.gateway.ts';

type Live = Awaited<ReturnType<Person['socket']>>;

const message = (conversationId: string, content = 'Hi') => ({
  conversationId,
  content,
  clientMessageId: randomUUID(),
});
const numbers = ({ events }: Live, generationId: string) =>
  events
    .filter(({ name, payload }) => payload.generationId === generationId && name !== 'generation:started')
    .map(({ name, payload }) => [payload.seq, name === 'generation:delta' ? payload.text : payload.status]);
const ended = (socket: Live, generationId: string) =>
  until(() =>
    socket.events.some(
      ({ name, payload }) => name === 'generation:finished' && payload.generationId === generationId,
    ),
  );

describe('chat over sockets', () => {
  let chat: ChatApp;
  beforeAll(async () => {
    chat = await startChatApp();
  });
  afterAll(() => chat.close());

  async function talking(...roles: Parameters<ChatApp['person']>) {
    const person = await chat.person(...roles);
    const socket = await person.socket();
    const { body } = await person.json('POST', '/api/chat/conversations');
    return { person, socket, conversationId: body?.id as string };
  }

  it('streams an answer to every open tab of its person, in order, and to nobody else', async () => {
    chat.azure.will(
      streamed(textChunk('a'), 20, textChunk('b'), 20, textChunk('c'), finishChunk('stop'), done),
    );
    const { person, socket, conversationId } = await talking();
    const secondTab = await person.socket();
    const stranger = await (await chat.person()).socket();
    const sent = await socket.ask('message:send', message(conversationId));
    expect(sent).toMatchObject({ ok: true, message: { role: 'user' }, generation: { status: 'streaming' } });
    const { id } = sent.generation;
    await Promise.all([ended(socket, id), ended(secondTab, id)]);
    for (const tab of [socket, secondTab])
      expect(numbers(tab, id)).toEqual([
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
        [4, 'done'],
      ]);
    expect(stranger.events).toEqual([]);
    const schemas = {
      'generation:started': generationStartedSchema,
      'generation:delta': generationDeltaSchema,
      'generation:finished': generationFinishedSchema,
    };
    for (const { name, payload } of secondTab.events)
      if (name in schemas) schemas[name as keyof typeof schemas].strict().parse(payload);
  });

  it('F20: the same message over the socket and over HTTP is sent once and answered the same', async () => {
    chat.azure.will();
    const { person, socket, conversationId } = await talking();
    const { conversationId: _, ...body } = message(conversationId);
    const answers = await Promise.all([
      socket.ask('message:send', { conversationId, ...body }),
      person
        .json('POST', `/api/chat/conversations/${conversationId}/messages`, body)
        .then((answer) => answer.body),
      socket.ask('message:send', { conversationId, ...body }),
    ]);
    const [first, overHttp, second] = answers;
    expect({ ok: true, ...overHttp }).toEqual(first);
    expect(second).toEqual(first);
    await ended(socket, first.generation.id);
    expect(chat.azure.received).toHaveLength(1);
  });

  it('opens a conversation with the answer that is being written, and resumes it after any number', async () => {
    const { halted, goOn } = halt();
    chat.azure.will(
      streamed(textChunk('a'), textChunk('b'), halted, textChunk('c'), finishChunk('stop'), done),
    );
    const { person, socket, conversationId } = await talking();
    const { generation } = await socket.ask('message:send', message(conversationId));
    await until(() => numbers(socket, generation.id).length === 2);
    const late = await person.socket();
    expect(await late.ask('conversation:open', { conversationId })).toMatchObject({
      ok: true,
      conversation: { id: conversationId },
      generation: { id: generation.id, messageId: generation.messageId, seq: 2 },
    });
    expect(await late.ask('generation:resume', { generationId: generation.id, after: 1 })).toEqual({
      ok: true,
      seq: 2,
      status: 'streaming',
    });
    goOn();
    await Promise.all([ended(late, generation.id), ended(socket, generation.id)]);
    expect(numbers(late, generation.id)).toEqual([
      [2, 'b'],
      [3, 'c'],
      [4, 'done'],
    ]);
    const afterwards = await person.socket();
    expect(await afterwards.ask('generation:resume', { generationId: generation.id, after: 0 })).toEqual({
      ok: true,
      seq: 4,
      status: 'done',
    });
    expect(numbers(afterwards, generation.id)).toEqual(numbers(socket, generation.id));
    expect(await afterwards.ask('conversation:open', { conversationId })).toMatchObject({
      ok: true,
      generation: null,
    });
    expect(await afterwards.ask('conversation:close', { conversationId })).toEqual({ ok: true });
  });

  it('F18: a lost socket does not end the answer, and another one gets what was missed', async () => {
    const { halted, goOn } = halt();
    chat.azure.will(streamed(textChunk('a'), halted, textChunk('b'), finishChunk('stop'), done));
    const { person, socket, conversationId } = await talking();
    const { generation } = await socket.ask('message:send', message(conversationId));
    await until(() => numbers(socket, generation.id).length === 1);
    socket.connection.disconnect();
    goOn();
    await until(
      async () =>
        (await person.json('GET', `/api/chat/conversations/${conversationId}/messages`)).body.items[1]
          .status === 'done',
    );
    const again = await person.socket();
    expect(await again.ask('generation:resume', { generationId: generation.id, after: 1 })).toMatchObject({
      seq: 3,
      status: 'done',
    });
    expect(numbers(again, generation.id)).toEqual([
      [2, 'b'],
      [3, 'done'],
    ]);
  });

  it('F19: tells the other tab of a rename, a deletion and a question', async () => {
    chat.azure.will();
    const { person, socket, conversationId } = await talking();
    const secondTab = await person.socket();
    await person.json('PATCH', `/api/chat/conversations/${conversationId}`, { title: 'Renamed' });
    const { generation } = await socket.ask('message:send', message(conversationId));
    await ended(secondTab, generation.id);
    await person.json('DELETE', `/api/chat/conversations/${conversationId}`);
    await until(() => secondTab.events.at(-1)?.name === 'conversation:deleted');
    expect(secondTab.events.map(({ name }) => name)).toEqual([
      'conversation:updated',
      'conversation:updated',
      'generation:started',
      'generation:delta',
      'generation:delta',
      'conversation:updated',
      'generation:finished',
      'conversation:deleted',
    ]);
    expect(secondTab.events[0]!.payload.conversation.title).toBe('Renamed');
  });

  it('stops an answer', async () => {
    chat.azure.will(stalled(textChunk('so far')));
    const { socket, conversationId } = await talking();
    const { generation } = await socket.ask('message:send', message(conversationId));
    await until(() => numbers(socket, generation.id).length === 1);
    expect(await socket.ask('generation:stop', { generationId: generation.id })).toMatchObject({ ok: true });
    await ended(socket, generation.id);
    expect(numbers(socket, generation.id).at(-1)).toEqual([2, 'stopped']);
    await until(() => chat.azure.received[0]!.closedAt !== null);
  });

  it('AUZ-02, WSK-04: answers for everything of others as for what does not exist', async () => {
    chat.azure.will(stalled(textChunk('secret')));
    const { socket, conversationId } = await talking();
    const { generation } = await socket.ask('message:send', message(conversationId));
    const stranger = await (await chat.person()).socket();
    const asked = [
      ['conversation:open', { conversationId }, { conversationId: randomUUID() }],
      ['conversation:close', { conversationId }, { conversationId: randomUUID() }],
      ['message:send', message(conversationId), message(randomUUID())],
      [
        'generation:resume',
        { generationId: generation.id, after: 0 },
        { generationId: randomUUID(), after: 0 },
      ],
      ['generation:stop', { generationId: generation.id }, { generationId: randomUUID() }],
    ] as const;
    for (const [name, foreign, unknown] of asked) {
      const answer = await stranger.ask(name, foreign);
      expect(answer).toMatchObject({ ok: false, error: { code: 'not_found', status: 404 } });
      expect(await stranger.ask(name, unknown)).toEqual(answer);
    }
    expect(stranger.events).toEqual([]);
    await socket.ask('generation:stop', { generationId: generation.id });
    await ended(socket, generation.id);
  });

  it('lets a viewer open, but not send or stop', async () => {
    const { socket } = await talking('viewer');
    expect(await socket.ask('message:send', message(randomUUID()))).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    expect(await socket.ask('generation:stop', { generationId: randomUUID() })).toMatchObject({
      error: { code: 'forbidden' },
    });
  });

  const malformed: [string, unknown[]][] = [
    ['conversation:open', []],
    ['conversation:open', [null]],
    ['conversation:open', [{ conversationId: 'x' }]],
    ['conversation:open', [[{ conversationId: 'x' }]]],
    ['conversation:open', ['text', 'more', 5]],
    ['message:send', [Buffer.from('binary')]],
    ['message:send', [{ __proto__: null, constructor: 5 }]],
    ['message:send', [{ conversationId: randomUUID(), content: 'x'.repeat(100_001), clientMessageId: 'c' }]],
    ['generation:resume', [{ generationId: randomUUID(), after: '0' }]],
    ['generation:resume', [{ generationId: randomUUID(), after: -1 }]],
    ['generation:resume', [{ generationId: randomUUID(), after: 1.5 }]],
    ['generation:stop', [{ generationId: { $ne: null } }]],
  ];
  it.each(malformed)('WSK-03: refuses %s %j', async (name, sent) => {
    const { socket } = await talking();
    const answer = await socket.ask(name, ...sent);
    expect(answer).toMatchObject({ ok: false, error: { code: 'validation_failed', status: 400 } });
    problemSchema.parse(answer.error);
  });

  it.each(['unknown', 'generation:finished', '__proto__', 'constructor', 'toString', 'error'])(
    'WSK-03: says that there is no %s',
    async (name) => {
      const { socket } = await talking();
      expect(await socket.ask(name, {})).toMatchObject({ ok: false, error: { code: 'not_found' } });
    },
  );

  it('WSK-03: survives a flood of nonsense without acknowledgements, and still answers', async () => {
    const { socket, conversationId } = await talking();
    for (let index = 0; index < 1_000; index += 1)
      socket.connection.emit(['message:send', 'nonsense', 'generation:resume'][index % 3]!, index, [null], {
        a: {},
      });
    expect(await socket.ask('conversation:open', { conversationId })).toMatchObject({ ok: true });
  });

  it('says the end of a session to its tabs, closes them, and stops what it had begun', async () => {
    chat.azure.will(stalled(textChunk('a')));
    const { person, socket, conversationId } = await talking();
    const { generation } = await socket.ask('message:send', message(conversationId));
    await until(() => numbers(socket, generation.id).length === 1);
    const bystander = await (await chat.person()).socket();
    await chat.app.get(ChatGateway).endSession(person.caller.sessionId!, 'session_revoked');
    await until(() => !socket.connection.connected);
    expect(
      socket.events.some(
        ({ name, payload }) => name === 'session:ended' && payload.code === 'session_revoked',
      ),
    ).toBe(true);
    await until(() => chat.azure.received[0]!.closedAt !== null);
    expect(bystander.connection.connected).toBe(true);
    const stored = async () =>
      (await person.json('GET', `/api/chat/conversations/${conversationId}/messages`)).body.items[1];
    await until(async () => (await stored()).status !== 'streaming');
    expect(await stored()).toMatchObject({ content: 'a', status: 'stopped' });
  });

  it('tells the person, and only them, of a change of their Azure token', async () => {
    const { person, socket } = await talking();
    const { socket: other } = await talking();
    const azureToken = { status: 'needs_interaction', expiresAt: null, lastRefreshedAt: null } as const;
    chat.app.get(ChatGateway).tell(person.userId, 'azure-token:changed', { azureToken });
    await until(() => socket.events.some(({ name }) => name === 'azure-token:changed'));
    expect(socket.events.at(-1)!.payload).toEqual({ azureToken });
    expect(other.events.some(({ name }) => name === 'azure-token:changed')).toBe(false);
  });

  it('F17: a closing application tells its tabs that their answers were interrupted', async () => {
    const own = await startChatApp();
    own.azure.will(stalled(textChunk('so far')));
    const person = await own.person();
    const socket = await person.socket();
    const { body } = await person.json('POST', '/api/chat/conversations');
    const { generation } = await socket.ask('message:send', message(body.id));
    await until(() => numbers(socket, generation.id).length === 1);
    await own.app.close();
    await until(() => !socket.connection.connected);
    await own.azure.close();
    await own.closeDatabase();
    expect(numbers(socket, generation.id)).toEqual([
      [1, 'so far'],
      [2, 'interrupted'],
    ]);
  });
});
