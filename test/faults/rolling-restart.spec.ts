import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { io, type Socket } from 'socket.io-client';
import type { Acknowledgement, Message, Page, SentMessage } from '#contracts';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { newConversation } from '../support/chatter.ts';
import { type Processes, startTwo } from '../support/processes.ts';
import { noRedis } from '../support/redis.ts';
import type { Visitor } from '../support/visitor.ts';

const people = ['uma', 'gustav'];
const pauseMs = 150;

/** A person who writes on and on, by HTTP and by a socket that connects again, and keeps book of what was acknowledged. */
class Busy {
  readonly acknowledged: string[] = [];
  readonly refused: unknown[] = [];
  private isOver = false;
  private readonly socket: Socket;

  constructor(
    private readonly visitor: Visitor,
    private readonly conversations: readonly [string, string],
  ) {
    this.socket = io(`${visitor.url}/chat`, {
      path: '/socket.io',
      addTrailingSlash: false,
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
      auth: { csrfToken: visitor.csrfToken },
      extraHeaders: { cookie: visitor.cookieHeader, origin: visitor.origin },
    });
  }

  async writeUntil(over: Promise<unknown>): Promise<void> {
    void over.finally(() => (this.isOver = true));
    await Promise.all([this.repeat(() => this.overHttp()), this.repeat(() => this.overSocket())]);
    this.socket.close();
  }

  private async repeat(write: () => Promise<void>): Promise<void> {
    while (!this.isOver) {
      await write();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  private async overHttp(): Promise<void> {
    const [conversationId] = this.conversations;
    const { status, body } = await this.visitor.post<SentMessage>(
      `/api/chat/conversations/${conversationId}/messages`,
      { content: 'Hello', clientMessageId: crypto.randomUUID() },
    );
    if (status === 202) this.acknowledged.push(body.message.id);
    else if (status !== 409) this.refused.push([status, body]);
    const { status: page } = await this.visitor.get('/');
    if (page >= 500) this.refused.push([page, 'the page']);
  }

  /** As the page does it: the same `clientMessageId` again until somebody has acknowledged it. */
  private async overSocket(): Promise<void> {
    const [, conversationId] = this.conversations;
    const message = { conversationId, content: 'Hello', clientMessageId: crypto.randomUUID() };
    for (let tries = 0; tries < 40; tries += 1) {
      const answer = (await this.socket
        .timeout(1_000)
        .emitWithAck('message:send', message)
        .catch(() => null)) as Acknowledgement<SentMessage> | null;
      if (answer?.ok) return void this.acknowledged.push(answer.message.id);
      if (answer && answer.error.status !== 409) return void this.refused.push(answer.error);
      if (answer) return;
    }
    this.refused.push('no acknowledgement in 40 seconds');
  }
}

describe.skipIf(noRedis)('two processes behind a balancer, under load', () => {
  let two: Processes;
  let balancer: Balancer;
  let ports: number[] = [];
  const visitors: Visitor[] = [];
  beforeAll(async () => {
    balancer = await startBalancer(() => ports);
    two = await startTwo({ PUBLIC_URL: balancer.url, SHUTDOWN_GRACE_SECS: '10' });
    ports = [two.one, two.other].map(({ url }) => Number(new URL(url).port));
    await balancer.look();
    for (const person of people) {
      const visitor = two.stack.visitor();
      await visitor.signIn(two.stack.azure, person);
      visitors.push(visitor);
    }
    await two.stack.azure.set({ openai: { deltaMs: 5 } });
  });
  afterAll(async () => {
    await balancer?.stop();
    await two?.stop();
  });

  /** Everybody writes while `act` happens; then every acknowledged message is there, and every answer has ended. */
  async function whileWriting(act: () => Promise<void>) {
    const conversations: (readonly [Visitor, string])[] = [];
    const busy = await Promise.all(
      visitors.map(async (visitor) => {
        const own = [await newConversation(visitor), await newConversation(visitor)] as const;
        conversations.push(...own.map((id) => [visitor, id] as const));
        return new Busy(visitor, own);
      }),
    );
    const acting = act();
    await Promise.all(busy.map((person) => person.writeUntil(acting)));
    await acting;

    const all = async (): Promise<Message[]> =>
      (await Promise.all(conversations.map(([visitor, id]) => allMessages(visitor, id)))).flat();
    await expect
      .poll(async () => (await all()).filter(({ status }) => status === 'streaming').length, {
        timeout: 30_000,
        interval: 200,
      })
      .toBe(0);
    const stored = await all();
    const ids = new Set(stored.map(({ id }) => id));
    const acknowledged = busy.flatMap((person) => person.acknowledged);
    return {
      sent: acknowledged.length,
      lost: acknowledged.filter((id) => !ids.has(id)),
      refused: busy.flatMap((person) => person.refused),
      endings: new Set(stored.filter(({ role }) => role === 'assistant').map(({ status }) => status)),
    };
  }

  it('F17: restarting one after the other loses nothing that was acknowledged and shows nobody an error', async () => {
    const outcome = await whileWriting(async () => {
      for (const api of [two.one, two.other]) {
        await api.restart('SIGTERM');
        await expect.poll(async () => (await fetch(`${api.url}/api/health/ready`)).status).toBe(200);
        await balancer.look();
      }
    });
    expect(outcome).toMatchObject({ lost: [], refused: [] });
    expect(outcome.sent).toBeGreaterThan(20);
    expect([...outcome.endings]).toEqual(['done']);
  });

  it('F16: killing one at any moment loses nothing that was acknowledged, and every answer ends', async () => {
    const outcome = await whileWriting(async () => {
      for (const api of [two.other, two.one]) {
        await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 400));
        await api.restart('SIGKILL');
      }
    });
    expect(outcome.lost).toEqual([]);
    expect(outcome.sent).toBeGreaterThan(10);
    expect([...outcome.endings].filter((status) => !['done', 'interrupted'].includes(status))).toEqual([]);
  });
});

async function allMessages(visitor: Visitor, conversationId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: { body: Page<Message> } = await visitor.get(
      `/api/chat/conversations/${conversationId}/messages?limit=100${cursor && `&cursor=${cursor}`}`,
    );
    messages.push(...body.items);
    cursor = body.nextCursor;
  }
  return messages;
}
