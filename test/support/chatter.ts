/** A person's open tab: the live connection of a signed-in visitor, with everything that came in. */
import { io, type Socket } from 'socket.io-client';
import type {
  Acknowledgement,
  ChatServerEvents,
  Conversation,
  GenerationFinished,
  Message,
  SentMessage,
} from '#contracts';
import type { Visitor } from './visitor.ts';

type Event = { name: keyof ChatServerEvents; data: never };

export class Tab {
  readonly events: { name: string; data: Record<string, unknown> }[] = [];
  private constructor(readonly socket: Socket) {
    socket.onAny((name: string, data: Record<string, unknown>) => this.events.push({ name, data }));
  }

  static async open(visitor: Visitor): Promise<Tab> {
    const tab = new Tab(connect(visitor));
    await new Promise<void>((resolve, reject) => {
      tab.socket.once('connect', resolve);
      tab.socket.once('connect_error', (error) => {
        tab.socket.close();
        reject(error);
      });
    });
    return tab;
  }

  ask<Answer extends object = object>(event: string, payload: unknown): Promise<Acknowledgement<Answer>> {
    return this.socket.timeout(15_000).emitWithAck(event, payload) as Promise<Acknowledgement<Answer>>;
  }

  send(conversationId: string, content: string, more: object = {}): Promise<Acknowledgement<SentMessage>> {
    return this.ask('message:send', {
      conversationId,
      content,
      clientMessageId: crypto.randomUUID(),
      ...more,
    });
  }

  /** What came under that name, for one generation. */
  of(name: Event['name'], generationId: string): Record<string, unknown>[] {
    return this.events
      .filter((event) => event.name === name && event.data.generationId === generationId)
      .map(({ data }) => data);
  }

  async finished(generationId: string, timeoutMs = 20_000): Promise<GenerationFinished> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      const [end] = this.of('generation:finished', generationId);
      if (end) return end as unknown as GenerationFinished;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`generation ${generationId} did not finish`);
  }

  close(): void {
    this.socket.close();
  }
}

export const connect = (
  visitor: Visitor,
  options: { origin?: string; auth?: object; cookie?: string } = {},
): Socket =>
  io(`${visitor.url}/chat`, {
    path: '/socket.io',
    addTrailingSlash: false,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: options.auth ?? { csrfToken: visitor.csrfToken },
    extraHeaders: {
      cookie: options.cookie ?? visitor.cookieHeader,
      origin: options.origin ?? visitor.origin,
    },
  });

export async function newConversation(visitor: Visitor): Promise<string> {
  const { status, body } = await visitor.post<Conversation>('/api/chat/conversations', {});
  if (status !== 201) throw new Error(`conversations answered ${status}`);
  return body.id;
}

export async function messagesOf(visitor: Visitor, conversationId: string): Promise<Message[]> {
  const { body } = await visitor.get<{ items: Message[] }>(
    `/api/chat/conversations/${conversationId}/messages`,
  );
  return body.items;
}

/** Reads a stream of server-sent events to its end. */
export function readEvents(
  text: string,
): { id: string | null; event: string; data: Record<string, unknown> }[] {
  return text
    .split('\n\n')
    .filter((block) => /^data:/m.test(block))
    .map((block) => ({
      id: /^id: (.*)$/m.exec(block)?.[1] ?? null,
      event: /^event: (.*)$/m.exec(block)?.[1] ?? 'message',
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}') as Record<string, unknown>,
    }));
}
