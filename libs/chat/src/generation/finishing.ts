import { Injectable } from '@nestjs/common';
import type { GenerationFinished, Usage } from '#contracts';
import { Database, EventBus } from '#platform';
import { Conversations } from '../conversations/conversations.ts';
import { messageOf } from '../messages/message-wire.ts';
import { Messages } from '../messages/messages.ts';
import { generationTold, type StreamEvent } from '../streaming/stream-event.ts';
import { StreamLog } from '../streaming/stream-log.ts';
import { estimatedTokens } from '../usage/quota.ts';
import { type TokenCount, UsageDays } from '../usage/usage-days.ts';
import type { Answer } from './answer.ts';
import { GenerationRows, type Writer } from './generation-rows.ts';
import type { Outcome } from './outcome.ts';

/** Which generation, and where it writes. */
export interface Finishable {
  id: string;
  userId: string;
  conversationId: string;
  messageId: string;
}

export interface Ending extends Outcome {
  answer: Answer;
  /** As Azure counted; it does not when the answer was stopped or cut off. */
  usage: Usage | null;
  promptLength: number;
}

/** Ends a generation, once: message, state, usage and conversation in one transaction, then everybody is told. */
@Injectable()
export class Finishing {
  constructor(
    private readonly database: Database,
    private readonly rows: GenerationRows,
    private readonly messages: Messages,
    private readonly conversations: Conversations,
    private readonly usageDays: UsageDays,
    private readonly log: StreamLog,
    private readonly bus: EventBus,
  ) {}

  /** False when there was nothing left to end. */
  async finish(job: Finishable, ending: Ending, writer: Writer): Promise<boolean> {
    const finished = await this.store(job, ending, writer);
    if (finished) {
      const event: StreamEvent = { name: 'generation:finished', data: finished };
      await this.log.append(job.id, event);
      this.bus.publish(generationTold, { userId: job.userId, event });
    }
    this.log.release(job.id);
    return finished !== null;
  }

  private async store(job: Finishable, ending: Ending, writer: Writer): Promise<GenerationFinished | null> {
    const { status, error, truncated, usage, answer } = ending;
    return this.database.transaction(async () => {
      // The conversation first, as everywhere: whoever deletes it locks in the same order.
      const conversation = await this.conversations.findLocked(job.userId, job.conversationId);
      if (!conversation || !(await this.rows.finish(job.id, writer, status, answer))) return null;
      const content = answer.text;
      const row = await this.messages.finishAnswer(job.messageId, {
        content,
        status,
        usage,
        truncated,
        error,
      });
      await this.usageDays.record(job.userId, row.model ?? conversation.model, countedTokens(ending));
      await this.conversations.noteAnswer(conversation);
      const seq = answer.deltaEnds.length + 1;
      return { generationId: job.id, seq, status, message: messageOf(row), ...(error ? { error } : {}) };
    });
  }
}

/** Stopping just before the end must not make an answer free. */
function countedTokens({ usage, answer, promptLength }: Ending): TokenCount {
  if (usage) return usage;
  if (answer.text === '') return { inputTokens: 0, outputTokens: 0 };
  return {
    inputTokens: estimatedTokens(promptLength),
    outputTokens: estimatedTokens(answer.text.length),
  };
}
