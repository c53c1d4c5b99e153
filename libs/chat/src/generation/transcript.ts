import { Injectable } from '@nestjs/common';
import type { Message, OpenedConversation, Page, PageQuery } from '#contracts';
import { Conversations } from '../conversations/conversations.ts';
import type { StoredMessage } from '../messages/message.entity.ts';
import { messageOf } from '../messages/message-wire.ts';
import { Messages } from '../messages/messages.ts';
import { GenerationEvents } from './generation-events.ts';
import { GenerationRows } from './generation-rows.ts';

/** Messages as they stand now: an answer that is being written shows what there is of it, and where to go on. */
@Injectable()
export class Transcript {
  constructor(
    private readonly conversations: Conversations,
    private readonly messages: Messages,
    private readonly rows: GenerationRows,
    private readonly events: GenerationEvents,
  ) {}

  async page(userId: string, conversationId: string, query: PageQuery): Promise<Page<Message>> {
    const { items, nextCursor } = await this.messages.page(userId, conversationId, query);
    const shown = items.map((row) => (row.status === 'streaming' ? this.live(userId, row) : messageOf(row)));
    return { items: await Promise.all(shown), nextCursor };
  }

  async open(userId: string, conversationId: string): Promise<OpenedConversation> {
    const conversation = await this.conversations.get(userId, conversationId);
    const row = await this.rows.running(conversationId);
    if (!row) return { conversation, generation: null };
    const { deltaEnds } = await this.events.answerSoFar(row);
    return { conversation, generation: { id: row.id, messageId: row.messageId, seq: deltaEnds.length } };
  }

  private async live(userId: string, row: StoredMessage): Promise<Message> {
    const generation = await this.rows.running(row.conversationId);
    // It was finished since the page was read.
    if (generation?.messageId !== row.id) return messageOf(await this.messages.require(userId, row.id));
    const { text, deltaEnds } = await this.events.answerSoFar(generation);
    return { ...messageOf(row), content: text, generation: { id: generation.id, seq: deltaEnds.length } };
  }
}
