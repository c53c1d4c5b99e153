/**
 * The live connection: Socket.IO, path `/socket.io`, namespace `/chat`. Each client event is acknowledged with
 * `{ ok: true, … }` or `{ ok: false, error }`, and may name its trace (`traceparent`, as the header of W3C) in its payload. Deltas are numbered from 1 without gaps and `generation:finished`
 * carries the next number, so a client knows what it missed and resumes after the last it has.
 *
 * `generation:finished` is always the last word, whatever its number: after a killed process the number can be lower
 * than what a client had already seen, and its `message` holds the text that was saved.
 */
import { z } from 'zod';
import type { AzureToken } from './auth.ts';
import {
  type Conversation,
  type MessageStatus,
  messageErrorSchema,
  messageSchema,
  messageStatuses,
  sendMessageSchema,
} from './chat.ts';
import { type ErrorCode, errorCodes, type Problem } from './errors.ts';

export const chatNamespace = '/chat';

const generationId = z.uuid();
const conversationId = z.uuid();

export const chatCommands = {
  'conversation:open': z.object({ conversationId }),
  'conversation:close': z.object({ conversationId }),
  'message:send': sendMessageSchema.extend({ conversationId }),
  'generation:resume': z.object({ generationId, after: z.number().int().min(0) }),
  'generation:stop': z.object({ generationId }),
} as const;
export type ChatCommand = keyof typeof chatCommands;

export const generationStartedSchema = z.object({ generationId, conversationId, messageId: z.uuid() });
export const generationDeltaSchema = z.object({ generationId, seq: z.number().int(), text: z.string() });
/** Nothing was written yet, and Azure asks for patience: the server tries again by itself after so many seconds. */
export const generationWaitingSchema = z.object({
  generationId,
  code: z.enum(errorCodes),
  retryAfterSeconds: z.number().int(),
});
export const generationFinishedSchema = z.object({
  generationId,
  seq: z.number().int(),
  status: z.enum(messageStatuses).exclude(['streaming']),
  message: messageSchema,
  error: messageErrorSchema.optional(),
});
export type GenerationStarted = z.infer<typeof generationStartedSchema>;
export type GenerationDelta = z.infer<typeof generationDeltaSchema>;
export type GenerationWaiting = z.infer<typeof generationWaitingSchema>;
export type GenerationFinished = z.infer<typeof generationFinishedSchema>;

export interface ChatServerEvents {
  'generation:started': (event: GenerationStarted) => void;
  'generation:waiting': (event: GenerationWaiting) => void;
  'generation:delta': (event: GenerationDelta) => void;
  'generation:finished': (event: GenerationFinished) => void;
  'conversation:updated': (event: { conversation: Conversation }) => void;
  'conversation:deleted': (event: { conversationId: string }) => void;
  'session:ended': (event: { code: ErrorCode }) => void;
  'azure-token:changed': (event: { azureToken: AzureToken }) => void;
}

export type Acknowledgement<Answer extends object = object> =
  ({ ok: true } & Answer) | { ok: false; error: Problem };

/** What `generation:resume` answers besides `ok`, once the missed events are sent: the last number that exists. */
export interface ResumedGeneration {
  seq: number;
  status: MessageStatus;
}

/** What `conversation:open` answers besides `ok`: the answer being written, to resume after `seq`. */
export interface OpenedConversation {
  conversation: Conversation;
  generation: { id: string; messageId: string; seq: number } | null;
}
