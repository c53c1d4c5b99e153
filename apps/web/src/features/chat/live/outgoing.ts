import type { Message, Problem } from '#contracts';
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

export function putOutgoing(store: ValueStore<OutgoingMessages>, place: string, message: OutgoingMessage): void {
  store.set({ ...store.get(), [place]: message });
}

export function dropOutgoing(store: ValueStore<OutgoingMessages>, place: string): void {
  const { [place]: _dropped, ...others } = store.get();
  store.set(others);
}

/** What stands in for the answer until the server tells of it. */
export function emptyAnswer(
  question: Pick<Message, 'conversationId' | 'model'> & { id: string },
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
