import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Generation, Regenerate, SendMessage, SentMessage } from '#contracts';
import { AppError, type Caller, Database, EventBus } from '#platform';
import { Conversations } from '../conversations/conversations.ts';
import type { StoredMessage } from '../messages/message.entity.ts';
import { messageOf } from '../messages/message-wire.ts';
import { Messages } from '../messages/messages.ts';
import { ChatConfig } from '../config/chat-config.ts';
import { ModelCatalog } from '../config/model-catalog.ts';
import { generationTold } from '../streaming/stream-event.ts';
import { UsageDays } from '../usage/usage-days.ts';
import { GenerationRows } from './generation-rows.ts';
import { GenerationRunner } from './generation-runner.ts';
import { type StopScope, stopRequested } from './stop-scope.ts';

/**
 * Begins and stops answers. Everything that begins one holds the conversation's row, so what it finds there (the same
 * message already sent, another answer being written, the newest message) stays true until it has committed.
 */
@Injectable()
export class Generations {
  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly conversations: Conversations,
    private readonly messages: Messages,
    private readonly config: ChatConfig,
    private readonly catalog: ModelCatalog,
    private readonly usageDays: UsageDays,
    private readonly rows: GenerationRows,
    private readonly runner: GenerationRunner,
  ) {}

  /** How many answers this process is writing. */
  get running(): number {
    return this.runner.running.length;
  }

  /** The same `clientMessageId` is sent once, and answered the same however often it comes (security.md F20). */
  async send(caller: Caller, conversationId: string, sent: SendMessage): Promise<SentMessage> {
    return this.database.transaction(async () => {
      const conversation = await this.conversations.requireLocked(caller.userId, conversationId);
      const known = await this.messages.findByClientMessageId(conversationId, sent.clientMessageId);
      if (known) return this.alreadySent(known);
      const model = this.catalog.resolve(sent.model, conversation.model);
      await this.requireFree(caller, conversationId);
      const question = await this.messages.addQuestion(conversationId, sent);
      await this.conversations.noteQuestion(conversation, sent.content, model);
      return { message: messageOf(question), generation: await this.begin(caller, question, model) };
    });
  }

  /** Another answer to the same question; the ones before it stay beside it. */
  async regenerate(
    caller: Caller,
    messageId: string,
    { model }: Regenerate,
  ): Promise<{ generation: Generation }> {
    return this.database.transaction(async () => {
      const message = await this.messages.require(caller.userId, messageId);
      const conversation = await this.conversations.requireLocked(caller.userId, message.conversationId);
      const chosen = this.catalog.resolve(model, conversation.model);
      await this.requireFree(caller, conversation.id);
      await this.conversations.noteAnswer(conversation);
      return { generation: await this.begin(caller, message, chosen) };
    });
  }

  /** Also for one that has already ended: then there is nothing to do. */
  async stop({ userId }: Pick<Caller, 'userId'>, id: string): Promise<{ generation: Generation }> {
    const { messageId, status } = await this.rows.require(userId, id);
    if (status === 'streaming') {
      const scope = { generationId: id };
      this.bus.publish(stopRequested, scope);
      await this.rows.requestStop(scope);
    }
    return { generation: { id, messageId, status } };
  }

  /**
   * Of a person or of one session: nothing more is asked in a name that was withdrawn. Every process is told so and
   * stops its own; the row reaches one that was not.
   */
  async stopAll(scope: StopScope): Promise<void> {
    this.bus.publishHere(stopRequested, scope);
    await this.rows.requestStop(scope);
  }

  private async requireFree(caller: Caller, conversationId: string): Promise<void> {
    const running = await this.rows.runningOf(caller.userId);
    if (running.includes(conversationId)) throw new AppError('generation_running');
    if (running.length >= this.config.answersAtOnce)
      throw new AppError('too_many_answers', { retryAfterSeconds: 5 });
    await this.usageDays.requireQuota(caller);
  }

  private async begin(
    { userId, sessionId }: Caller,
    message: StoredMessage,
    model: string,
  ): Promise<Generation> {
    const { conversationId } = message;
    const answer = await this.messages.addAnswer(message, model);
    const ids = { id: randomUUID(), messageId: answer.id, conversationId, userId, sessionId };
    await this.rows.add({ ...ids, runnerId: this.runner.id });
    const started = { generationId: ids.id, conversationId, messageId: answer.id };
    this.bus.publish(generationTold, { userId, event: { name: 'generation:started', data: started } });
    this.database.afterCommit(() =>
      this.runner.start({ ...ids, questionId: answer.parentId as string, model }),
    );
    return { id: ids.id, messageId: answer.id, status: answer.status };
  }

  /** As it was answered then, so that a repetition cannot be told from the first. */
  private async alreadySent(question: StoredMessage): Promise<SentMessage> {
    const { id, messageId } = await this.rows.firstFor(question.id);
    return { message: messageOf(question), generation: { id, messageId, status: 'streaming' } };
  }
}
