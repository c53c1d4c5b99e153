import type { ErrorCode, Usage } from '#contracts';
import type { RejectedToken } from '../access-token-source.ts';

export interface PromptMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface ModelRequest {
  deployment: string;
  messages: readonly PromptMessage[];
  /** The token of the person who asks, and of nobody else. */
  accessToken(rejected?: RejectedToken): Promise<string>;
  /** Ends the call to the model at once. */
  signal: AbortSignal;
}

export type ModelEvent =
  | { kind: 'text'; text: string }
  | { kind: 'usage'; usage: Usage }
  /** Refused for now; tried again after so long, before any text. */
  | { kind: 'wait'; code: ErrorCode; ms: number }
  /** The model said that it was finished; `length` when its limit ended the answer. */
  | { kind: 'end'; reason: 'complete' | 'length' };

/**
 * Writes an answer. Throws AppError with one of the `model_…` codes, or what `accessToken` threw; text that was yielded
 * before stays valid. An answer without `end` is not complete.
 */
export abstract class ChatModel {
  abstract stream(request: ModelRequest): AsyncIterable<ModelEvent>;
}
