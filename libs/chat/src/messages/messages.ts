import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { MessageError, MessageStatus, PageQuery, SendMessage, Usage } from '#contracts';
import { AppError, Clock, Database, decodeCursor, toPage } from '#platform';
import { Conversations } from '../conversations/conversations.ts';
import { StoredMessage } from './message.entity.ts';
import { parentOfQuestion, questionBehind } from './message-tree.ts';

/** An ordinal: a bigint as text. */
const placeSchema = z.string().regex(/^\d{1,18}$/);

export interface FinishedAnswer {
  content: string;
  status: Exclude<MessageStatus, 'streaming'>;
  usage: Usage | null;
  truncated: boolean;
  error: MessageError | null;
}

/** A message of a path through the tree, as the prompt needs it. */
export type PathMessage = Pick<StoredMessage, 'role' | 'content'>;

@Injectable()
export class Messages {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly conversations: Conversations,
  ) {}

  /** The newest messages before `cursor`, oldest first. */
  async page(
    userId: string,
    conversationId: string,
    { cursor, limit }: PageQuery,
  ): Promise<{ items: StoredMessage[]; nextCursor: string | null }> {
    await this.conversations.get(userId, conversationId);
    const query = this.rows
      .createQueryBuilder('m')
      .where('m.conversation_id = :conversationId', { conversationId })
      .orderBy('m.ordinal', 'DESC')
      .limit(limit + 1);
    const before = decodeCursor(cursor, placeSchema);
    if (before !== null) query.andWhere('m.ordinal < :before', { before });
    const page = toPage(
      await query.getMany(),
      limit,
      (row) => row.ordinal,
      (row) => row,
    );
    return { ...page, items: page.items.toReversed() };
  }

  findByClientMessageId(conversationId: string, clientMessageId: string): Promise<StoredMessage | null> {
    return this.rows.findOneBy({ conversationId, clientMessageId });
  }

  /** Of any conversation of this person: the id alone says nothing about the owner. */
  async require(userId: string, id: string): Promise<StoredMessage> {
    const row = await this.rows
      .createQueryBuilder('m')
      .innerJoin('conversations', 'c', 'c.id = m.conversation_id')
      .where('m.id = :id AND c.user_id = :userId', { id, userId })
      .getOne();
    if (!row) throw new AppError('not_found');
    return row;
  }

  async addQuestion(
    conversationId: string,
    { content, clientMessageId, parentId }: SendMessage,
  ): Promise<StoredMessage> {
    const newest = await this.rows.findOne({ where: { conversationId }, order: { ordinal: 'DESC' } });
    const named = parentId ? await this.rows.findOneBy({ id: parentId, conversationId }) : null;
    return this.add({
      conversationId,
      parentId: parentOfQuestion(parentId, newest, named),
      role: 'user',
      content,
      status: 'done',
      model: null,
      clientMessageId,
    });
  }

  /** An empty answer, to be written, to the question behind `message`; beside any others that it got. */
  addAnswer(message: StoredMessage, model: string): Promise<StoredMessage> {
    return this.add({
      conversationId: message.conversationId,
      parentId: questionBehind(message),
      role: 'assistant',
      content: '',
      status: 'streaming',
      model,
      clientMessageId: null,
    });
  }

  async finishAnswer(id: string, { usage, ...finished }: FinishedAnswer): Promise<StoredMessage> {
    const tokens = { inputTokens: usage?.inputTokens ?? null, outputTokens: usage?.outputTokens ?? null };
    await this.rows.update({ id }, { ...finished, ...tokens });
    return this.rows.findOneByOrFail({ id });
  }

  /**
   * From `id` back to the beginning, oldest first, until `characters` are reached: a conversation of ten thousand
   * messages is not read to ask one more question.
   */
  async path(conversationId: string, id: string, characters: number): Promise<PathMessage[]> {
    return this.database.rows<PathMessage>(
      `WITH RECURSIVE path AS (
         SELECT parent_id, role, content, length(content) AS read, 1 AS depth
         FROM messages WHERE conversation_id = $1 AND id = $2
         UNION ALL
         SELECT m.parent_id, m.role, m.content, p.read + length(m.content), p.depth + 1
         FROM path p JOIN messages m ON m.conversation_id = $1 AND m.id = p.parent_id
         WHERE p.read < $3 AND p.depth < 1000
       )
       SELECT role, content FROM path ORDER BY depth DESC`,
      [conversationId, id, characters],
    );
  }

  private async add(
    message: Omit<
      StoredMessage,
      'id' | 'ordinal' | 'createdAt' | 'inputTokens' | 'outputTokens' | 'truncated' | 'error'
    >,
  ): Promise<StoredMessage> {
    const row = {
      ...message,
      id: randomUUID(),
      inputTokens: null,
      outputTokens: null,
      truncated: false,
      error: null,
      createdAt: this.clock.now(),
    };
    const { generatedMaps } = await this.rows.insert(row);
    return { ...row, ...(generatedMaps[0] as Pick<StoredMessage, 'ordinal'>) };
  }

  private get rows() {
    return this.database.repository(StoredMessage);
  }
}
