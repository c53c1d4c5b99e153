import { z } from 'zod';
import { type Message, type Problem, sendMessageSchema } from '#contracts';
import { problemOf } from '../../../lib/problem.ts';
import { keep, readKept } from '../../../lib/tab-storage.ts';
import type { ValueStore } from '../../../lib/value-store.ts';

/** A message that the server has not confirmed yet. */
export interface OutgoingMessage {
  clientMessageId: string;
  content: string;
  parentId: string | null;
  model: string | undefined;
  /** Null while it is on its way. */
  problem: Problem | null;
}

/** By conversation, at most one each; a conversation that does not exist yet goes by `new`. */
export type OutgoingMessages = Readonly<Record<string, OutgoingMessage>>;

const key = (place: string): string => `outgoing.${place}`;
const keptSchema = sendMessageSchema.extend({ parentId: z.uuid().nullable(), failed: z.boolean() });

export function putOutgoing(
  store: ValueStore<OutgoingMessages>,
  place: string,
  message: OutgoingMessage,
): void {
  const { problem, ...rest } = message;
  keep(key(place), { ...rest, failed: problem !== null });
  store.set({ ...store.get(), [place]: message });
}

export function dropOutgoing(store: ValueStore<OutgoingMessages>, place: string): void {
  keep(key(place), null);
  const { [place]: _dropped, ...others } = store.get();
  store.set(others);
}

/** A message that an earlier page of this tab could not see through: `problem` is set when it had failed. */
export function readUnsent(place: string): OutgoingMessage | null {
  const kept = keptSchema.safeParse(readKept(key(place)));
  if (!kept.success) return null;
  const { failed, model, ...message } = kept.data;
  return { ...message, model, problem: failed ? notSentYet : null };
}

const notSentYet = problemOf('service_unavailable', {
  title: 'This message is not sent yet',
  detail: 'Send it now, or change it first.',
});

/** What stands in for the answer until the server tells of it. */
export function emptyAnswer(
  question: Pick<Message, 'id' | 'conversationId' | 'model'>,
  generation: { id: string; messageId: string },
): Message {
  return {
    id: generation.messageId,
    conversationId: question.conversationId,
    parentId: question.id,
    role: 'assistant',
    content: '',
    status: 'streaming',
    model: question.model,
    usage: null,
    generation: { id: generation.id, seq: 0 },
    createdAt: new Date().toISOString(),
  };
}
