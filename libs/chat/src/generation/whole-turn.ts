import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { WholeTurn, WholeTurnAnswer } from '#contracts';
import { AppError, type Caller, Database } from '#platform';
import { Conversations } from '../conversations/conversations.ts';
import { GenerationEvents } from './generation-events.ts';
import { Generations } from './generations.ts';
import type { LiveEvent } from '../streaming/stream-event.ts';

/** Question and answer in one call, for scripts. Whoever hangs up misses the answer; it is written all the same. */
@Injectable()
export class WholeTurns {
  constructor(
    private readonly database: Database,
    private readonly conversations: Conversations,
    private readonly generations: Generations,
    private readonly events: GenerationEvents,
  ) {}

  async complete(caller: Caller, turn: WholeTurn): Promise<WholeTurnAnswer> {
    const { conversationId, generationId } = await this.begin(caller, turn);
    const events = await this.events.follow(caller, generationId, 0, new AbortController().signal);
    for await (const { name, data } of events) {
      if (name === 'generation:finished') return { conversationId, message: data.message };
    }
    throw new AppError('generation_interrupted');
  }

  async stream(caller: Caller, turn: WholeTurn, signal: AbortSignal): Promise<AsyncIterable<LiveEvent>> {
    const { generationId, ...started } = await this.begin(caller, turn);
    const events = await this.events.follow(caller, generationId, 0, signal);
    return (async function* () {
      yield { name: 'generation:started', data: { generationId, ...started } } satisfies LiveEvent;
      yield* events;
    })();
  }

  private async begin(caller: Caller, { message, conversationId }: WholeTurn) {
    return this.database.transaction(async () => {
      const conversation = conversationId ?? (await this.conversations.create(caller.userId, {})).id;
      const sent = { content: message, clientMessageId: randomUUID() };
      const { generation } = await this.generations.send(caller, conversation, sent);
      return { generationId: generation.id, conversationId: conversation, messageId: generation.messageId };
    });
  }
}
