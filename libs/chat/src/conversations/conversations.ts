import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type Conversation,
  type CreateConversation,
  type Page,
  type PageQuery,
  type UpdateConversation,
} from '#contracts';
import { AppError, Clock, Database, EventBus, topic, toPage } from '#platform';
import { ModelCatalog } from '../config/model-catalog.ts';
import { titleFrom } from './conversation-title.ts';
import { conversationOf, conversationPlace, readConversationPlace } from './conversation-wire.ts';
import { StoredConversation } from './conversation.entity.ts';

export const conversationUpdated = topic<{ userId: string; conversation: Conversation }>(
  'conversation.updated',
);
/** Whoever still writes into it can stop. */
export const conversationDeleted = topic<{ userId: string; conversationId: string }>('conversation.deleted');

@Injectable()
export class Conversations {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly bus: EventBus,
    private readonly catalog: ModelCatalog,
  ) {}

  async create(userId: string, { title, model }: CreateConversation): Promise<Conversation> {
    const now = this.clock.now();
    const row: StoredConversation = {
      id: randomUUID(),
      userId,
      title: title ?? null,
      model: this.catalog.resolve(model),
      createdAt: now,
      updatedAt: now,
    };
    await this.database.repository(StoredConversation).insert(row);
    return this.announce(row);
  }

  async list(userId: string, { cursor, limit }: PageQuery): Promise<Page<Conversation>> {
    const query = this.database
      .repository(StoredConversation)
      .createQueryBuilder('c')
      .where('c.user_id = :userId', { userId })
      .orderBy('c.updated_at', 'DESC')
      .addOrderBy('c.id', 'DESC')
      .limit(limit + 1);
    const place = readConversationPlace(cursor);
    if (place) query.andWhere('(c.updated_at, c.id) < (:at, :id)', { at: place[0], id: place[1] });
    return toPage(await query.getMany(), limit, conversationPlace, conversationOf);
  }

  async get(userId: string, id: string): Promise<Conversation> {
    return conversationOf(await this.require(userId, id));
  }

  async update(userId: string, id: string, { title, model }: UpdateConversation): Promise<Conversation> {
    if (title === undefined && model === undefined) throw new AppError('no_fields_to_update');
    return this.database.transaction(async () => {
      const row = await this.requireLocked(userId, id);
      return this.save(row, { title: title ?? row.title, model: this.catalog.resolve(model, row.model) });
    });
  }

  async delete(userId: string, id: string): Promise<void> {
    await this.database.transaction(async () => {
      const { affected } = await this.database.repository(StoredConversation).delete({ id, userId });
      if (!affected) throw new AppError('not_found');
      this.bus.publish(conversationDeleted, { userId, conversationId: id });
    });
  }

  /** Inside a transaction: whoever changes what is in the conversation waits for the other. */
  findLocked(userId: string, id: string): Promise<StoredConversation | null> {
    return this.database
      .repository(StoredConversation)
      .findOne({ where: { id, userId }, lock: { mode: 'pessimistic_write' } });
  }

  async requireLocked(userId: string, id: string): Promise<StoredConversation> {
    const row = await this.findLocked(userId, id);
    if (!row) throw new AppError('not_found');
    return row;
  }

  /** Inside the transaction that stores a question: the first one names the conversation, each brings it to the top. */
  noteQuestion(row: StoredConversation, question: string, model: string): Promise<Conversation> {
    return this.save(row, { title: row.title ?? titleFrom(question), model });
  }

  noteAnswer(row: StoredConversation): Promise<Conversation> {
    return this.save(row, {});
  }

  private async require(userId: string, id: string): Promise<StoredConversation> {
    const row = await this.database.repository(StoredConversation).findOneBy({ id, userId });
    if (!row) throw new AppError('not_found');
    return row;
  }

  private async save(
    row: StoredConversation,
    change: Partial<Pick<StoredConversation, 'title' | 'model'>>,
  ): Promise<Conversation> {
    const { id, userId } = row;
    // Later than the change before, whoever's clock that was: by this, those who hear of both know which one counts.
    const updatedAt = new Date(Math.max(this.clock.now().getTime(), row.updatedAt.getTime() + 1));
    const changes = { ...change, updatedAt };
    await this.database.repository(StoredConversation).update({ id, userId }, changes);
    return this.announce({ ...row, ...changes });
  }

  private announce(row: StoredConversation): Conversation {
    const conversation = conversationOf(row);
    this.bus.publish(conversationUpdated, { userId: row.userId, conversation });
    return conversation;
  }
}
