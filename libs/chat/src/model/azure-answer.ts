import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
// Declares Azure's own fields, such as the content filter's results, on the types of the line above.
import '@azure/openai/types';
import type { ProblemExtras, Usage } from '#contracts';
import { AppError } from '#platform';
import type { ModelEvent } from './chat-model.ts';
import { firedFilter } from './content-filter.ts';

/**
 * Reads the pieces of one streamed answer. Usage comes after the finish reason, so the answer is judged only when the
 * stream has ended; one that ends without a finish reason was cut off, whatever it looks like.
 */
export class AzureAnswer {
  private finishReason: string | null = null;
  private filter: ProblemExtras['filter'] | null = null;

  get isFinished(): boolean {
    return this.finishReason !== null;
  }

  *read(chunk: ChatCompletionChunk): Generator<ModelEvent> {
    const [choice] = chunk.choices ?? [];
    this.filter ??= firedFilter(choice?.content_filter_results);
    this.finishReason = choice?.finish_reason ?? this.finishReason;
    // Postgres cannot store U+0000.
    const text = choice?.delta?.content?.replaceAll('\u0000', '');
    if (text) yield { kind: 'text', text };
    if (chunk.usage) yield { kind: 'usage', usage: usageOf(chunk.usage) };
  }

  end(): ModelEvent {
    if (this.finishReason === 'content_filter')
      throw new AppError('model_content_filtered', this.filter ? { filter: this.filter } : {});
    if (this.finishReason === null) throw new Error('The stream ended without a finish reason');
    return { kind: 'end', reason: this.finishReason === 'length' ? 'length' : 'complete' };
  }
}

const usageOf = (usage: NonNullable<ChatCompletionChunk['usage']>): Usage => ({
  inputTokens: usage.prompt_tokens,
  outputTokens: usage.completion_tokens,
  totalTokens: usage.total_tokens,
});
