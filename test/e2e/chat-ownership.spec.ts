import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ListedConversation, Message, Page, SentMessage } from '#contracts';
import { connect, messagesOf, newConversation, Tab } from '../support/chatter.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

describe('what is somebody else’s', () => {
  let stack: Stack;
  let uma: Visitor;
  let gustav: Visitor;
  let viktor: Visitor;
  let theirs: { conversation: string; question: string; answer: string; generation: string };
  beforeAll(async () => {
    stack = await startStack();
    [uma, gustav, viktor] = [stack.visitor(), stack.visitor(), stack.visitor()];
    await uma.signIn(stack.azure, 'uma');
    await gustav.signIn(stack.azure, 'gustav');
    await viktor.signIn(stack.azure, 'viktor');
    const conversation = await newConversation(uma);
    const { body } = await uma.post<SentMessage>(`/api/chat/conversations/${conversation}/messages`, {
      content: 'Hello',
      clientMessageId: 'mine',
    });
    theirs = {
      conversation,
      question: body.message.id,
      answer: body.generation.messageId,
      generation: body.generation.id,
    };
    await vi.waitUntil(async () => (await messagesOf(uma, conversation)).at(-1)?.status === 'done', {
      timeout: 20_000,
    });
  });
  afterAll(() => stack.stop());

  const message = { content: 'Hello', clientMessageId: 'x' };
  const routes = (ids: typeof theirs) =>
    [
      ['GET', `/api/chat/conversations/${ids.conversation}`],
      ['PATCH', `/api/chat/conversations/${ids.conversation}`, { title: 'Taken' }],
      ['DELETE', `/api/chat/conversations/${ids.conversation}`],
      ['GET', `/api/chat/conversations/${ids.conversation}/messages`],
      ['POST', `/api/chat/conversations/${ids.conversation}/messages`, message],
      ['POST', `/api/chat/messages/${ids.answer}/regenerate`],
      ['POST', `/api/chat/messages/${ids.question}/regenerate`],
      ['POST', `/api/chat/generations/${ids.generation}/stop`],
      ['GET', `/api/chat/generations/${ids.generation}/events`],
      ['POST', '/api/chat/message', { message: 'Hello', conversationId: ids.conversation }],
    ] as const;
  const nobodys = () => {
    const id = crypto.randomUUID();
    return { conversation: id, question: id, answer: id, generation: id };
  };

  it('AUZ-02: a search finds one’s own words, and nothing of others by the same', async () => {
    const search = (visitor: Visitor, words: string) =>
      visitor.get<Page<ListedConversation>>(`/api/chat/conversations?search=${encodeURIComponent(words)}`);
    const mine = await search(uma, 'HEL');
    expect(mine.body.items).toMatchObject([
      { id: theirs.conversation, match: { excerpt: expect.stringMatching(/hello/i) as string } },
    ]);
    for (const visitor of [gustav, viktor])
      expect((await search(visitor, 'HEL')).body).toEqual({ items: [], nextCursor: null });
    expect((await search(uma, 'x'.repeat(201))).status).toBe(400);
    // Blank looks for nothing, marks alone find nothing.
    expect((await search(uma, ' ')).body.items).not.toHaveLength(0);
    expect((await search(uma, "%_':*")).body.items).toEqual([]);
  });

  it('AUZ-02: every id of another person answers as one that does not exist, and nothing changes', async () => {
    const before = await messagesOf(uma, theirs.conversation);
    const calls = (await stack.azure.calls('openai')).length;
    const unknown = routes(nobodys());
    for (const [index, [method, path, body]] of routes(theirs).entries()) {
      const answer = await gustav.send<{ code: string; detail: string }>(method, path, body);
      const [, otherPath, otherBody] = unknown[index]!;
      const none = await gustav.send<{ code: string; detail: string }>(method, otherPath, otherBody);
      expect([answer.status, answer.body.code, answer.body.detail], `${method} ${path}`).toEqual([
        404,
        'not_found',
        none.body.detail,
      ]);
      expect(none.status).toBe(404);
    }
    expect(await messagesOf(uma, theirs.conversation)).toEqual(before);
    expect(await stack.azure.calls('openai')).toHaveLength(calls);
  });

  it('AUZ-02: a parent message of another conversation is refused', async () => {
    const own = await newConversation(gustav);
    const { status } = await gustav.post(`/api/chat/conversations/${own}/messages`, {
      ...message,
      parentId: theirs.answer,
    });
    expect([400, 404]).toContain(status);
    expect(await messagesOf(gustav, own)).toEqual([]);
  });

  it('WSK-04 AUZ-02: nor do socket events reach what is another person’s', async () => {
    const tab = await Tab.open(gustav);
    const events = [
      ['conversation:open', { conversationId: theirs.conversation }],
      ['message:send', { conversationId: theirs.conversation, ...message }],
      ['generation:resume', { generationId: theirs.generation, after: 0 }],
      ['generation:stop', { generationId: theirs.generation }],
    ] as const;
    for (const [name, payload] of events) {
      expect(await tab.ask(name, payload), name).toMatchObject({ ok: false, error: { code: 'not_found' } });
    }
    expect(tab.events).toEqual([]);
    tab.close();
  });

  it('AUZ-03: owner, times and ids in a body change nothing', async () => {
    const { body } = await gustav.post<{ id: string; createdAt: string }>('/api/chat/conversations', {
      title: 'Mine',
      id: theirs.conversation,
      userId: crypto.randomUUID(),
      createdAt: '2000-01-01T00:00:00Z',
    });
    expect(body.id).not.toBe(theirs.conversation);
    expect(body.createdAt).not.toMatch(/^2000/);
    expect((await gustav.get(`/api/chat/conversations/${body.id}`)).status).toBe(200);
  });

  it('a viewer reads and writes nothing, over HTTP and over the socket', async () => {
    expect((await viktor.get('/api/chat/conversations')).status).toBe(200);
    expect((await viktor.post('/api/chat/conversations', {})).status).toBe(403);
    expect((await viktor.post('/api/chat/message', { message: 'Hello' })).status).toBe(403);
    const tab = await Tab.open(viktor);
    const refused = await tab.ask('message:send', { conversationId: theirs.conversation, ...message });
    expect(refused).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    tab.close();
  });

  const handshakes = [
    ['from a foreign page', () => connect(uma, { origin: 'https://evil.example' })],
    ['from a lookalike of our page', () => connect(uma, { origin: `${stack.url}.evil.example` })],
    ['without a cookie', () => connect(uma, { cookie: '' })],
    ['with a dead cookie', () => connect(uma, { cookie: `entrada_session=${'A'.repeat(43)}` })],
    ['without the CSRF token', () => connect(uma, { auth: {} })],
    ['with the CSRF token of another session', () => connect(uma, { auth: { csrfToken: gustav.csrfToken } })],
  ] as const;
  it.each(handshakes)('WSK-01: a handshake %s is refused', async (_, open) => {
    const socket = open();
    const outcome = await new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('connect_error', () => resolve('refused'));
    });
    socket.close();
    expect(outcome).toBe('refused');
  });

  it('WSK-03: malformed packets, unknown events and floods are answered or dropped; the process lives', async () => {
    const tab = await Tab.open(uma);
    const shapes = [
      undefined,
      null,
      1,
      'text',
      [],
      {},
      { conversationId: 7 },
      { conversationId: 'no-uuid', content: { a: 1 } },
      Buffer.alloc(1000),
    ];
    for (const name of [
      'message:send',
      'conversation:open',
      'generation:resume',
      'generation:stop',
      'no:such',
      '__proto__',
      'constructor',
    ]) {
      for (const shape of shapes) expect(await tab.ask(name, shape)).toMatchObject({ ok: false });
    }
    await Promise.all(
      Array.from({ length: 1000 }, () =>
        tab.ask('conversation:open', { conversationId: theirs.conversation }).catch(() => null),
      ),
    );
    tab.socket.emit('message:send', 'x'.repeat(2_000_000));
    await expect.poll(() => tab.socket.connected).toBe(false);
    expect((await uma.get('/api/health')).status).toBe(200);
    expect((await messagesOf(uma, theirs.conversation)).map(({ role }: Message) => role)).toEqual([
      'user',
      'assistant',
    ]);
  });

  it('WSK-02 SES-05: signing out closes the sockets, and the old cookie opens none', async () => {
    const leaver = stack.visitor();
    await leaver.signIn(stack.azure, 'ulrich');
    const tab = await Tab.open(leaver);
    const cookie = leaver.cookieHeader;
    const closed = new Promise((resolve) => tab.socket.once('disconnect', resolve));
    await leaver.post('/api/auth/logout');
    await closed;
    expect(tab.events.at(-1)?.name).toBe('session:ended');
    const again = connect(leaver, { cookie });
    await expect(
      new Promise<void>((resolve, reject) =>
        again.once('connect', () => resolve()).once('connect_error', reject),
      ),
    ).rejects.toThrow();
    again.close();
  });
});
