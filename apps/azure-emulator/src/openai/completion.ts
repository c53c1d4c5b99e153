import { randomBytes } from 'node:crypto';
import { filterResults, promptFilterResults, type Flagged } from './content-filter.ts';

export type FinishReason = 'stop' | 'length' | 'content_filter';

export interface Completion {
  id: string;
  created: number;
  model: string;
  promptTokens: number;
  /** The answer in the pieces in which it is streamed, each taken for one token. */
  deltas: string[];
  finishReason: FinishReason;
  flagged?: Flagged;
}

export function newCompletion(
  model: string,
  promptTokens: number,
  text: string,
  mostTokens: number,
): Completion {
  const deltas = inPieces(text);
  return {
    id: `chatcmpl-emulator${randomBytes(12).toString('hex')}`,
    created: Math.floor(Date.now() / 1000),
    model: `${model}-emulated`,
    promptTokens,
    deltas: deltas.slice(0, mostTokens),
    finishReason: deltas.length > mostTokens ? 'length' : 'stop',
  };
}

/** An answer that ends early. */
export function shortened(
  completion: Completion,
  after: number,
  finishReason: FinishReason,
  flagged?: Flagged,
) {
  return { ...completion, deltas: completion.deltas.slice(0, after), finishReason, flagged };
}

export function wholeAnswer(completion: Completion) {
  return {
    ...head(completion, 'chat.completion'),
    prompt_filter_results: promptFilterResults(),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: completion.deltas.join(''), refusal: null },
        finish_reason: completion.finishReason,
        logprobs: null,
        content_filter_results: filterResults(completion.flagged),
      },
    ],
    usage: usageOf(completion),
  };
}

/** The events of a streamed answer in Azure's order. */
export function* chunksOf(completion: Completion, includesUsage: boolean): Generator<object> {
  const usage = includesUsage ? { usage: null } : {};
  const chunk = (delta: object, finish_reason: FinishReason | null, content_filter_results: object) => ({
    ...head(completion, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, finish_reason, logprobs: null, content_filter_results }],
    ...usage,
  });
  const promptJudged = { id: '', created: 0, model: '', object: '', choices: [] };
  yield { ...promptJudged, prompt_filter_results: promptFilterResults() };
  yield chunk({ role: 'assistant', content: '', refusal: null }, null, {});
  for (const content of completion.deltas) yield chunk({ content }, null, filterResults());
  yield chunk({}, completion.finishReason, completion.flagged ? filterResults(completion.flagged) : {});
  if (includesUsage) {
    yield { ...head(completion, 'chat.completion.chunk'), choices: [], usage: usageOf(completion) };
  }
}

function head({ id, created, model }: Completion, object: string) {
  return { id, object, created, model, system_fingerprint: 'fp_emulator' };
}

function usageOf({ promptTokens, deltas }: Completion) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: deltas.length,
    total_tokens: promptTokens + deltas.length,
  };
}

function inPieces(text: string): string[] {
  return text.match(/\s*\S{1,5}|\s+$/gu) ?? [];
}
