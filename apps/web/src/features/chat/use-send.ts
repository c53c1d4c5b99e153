import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { forgetDraft, keepDraft, newConversation, readDraft } from '../../lib/draft-storage.ts';
import { newId } from '../../lib/new-id.ts';
import { toProblem } from '../../lib/problem.ts';
import { noticeSessionEnd } from '../../lib/session.ts';
import { createConversation } from './api/create-conversation.ts';
import { messagesQuery } from './api/list-messages.ts';
import { sendMessage } from './api/send-message.ts';
import { type ChatLink, useChatLink } from './live/chat-link.tsx';
import { storeConversation, storeMessage } from './live/listen.ts';
import { type OutgoingMessage, dropOutgoing, emptyAnswer, putOutgoing } from './live/outgoing.ts';
import { putMessage } from './paged.ts';

export interface NewMessage {
  content: string;
  parentId: string | null;
  model: string | undefined;
  /** Given when this text was sent before without an answer: sent again under it, it cannot be doubled. */
  clientMessageId?: string | null;
}

export type Send = (conversationId: string | null, message: NewMessage) => void;

/** @param onCreated hears of the conversation that a first message begins. */
export function useSend(onCreated: (conversationId: string) => void): Send {
  const queryClient = useQueryClient();
  const link = useChatLink();
  return useCallback(
    (conversationId, { content, parentId, model, clientMessageId }) => {
      const message = { clientMessageId: clientMessageId ?? newId(), content, parentId, model, problem: null };
      void deliver(queryClient, link, conversationId, message, onCreated);
    },
    [queryClient, link, onCreated],
  );
}

async function deliver(
  queryClient: QueryClient,
  link: ChatLink,
  conversationId: string | null,
  message: OutgoingMessage,
  onCreated: (conversationId: string) => void,
): Promise<void> {
  let place = conversationId ?? newConversation;
  const { clientMessageId, content, parentId, model } = message;
  // Kept until it is confirmed: a reload or an ended session must not lose it.
  keepDraft(place, { text: content, clientMessageId });
  putOutgoing(link.outgoing, place, message);
  try {
    if (conversationId === null) {
      conversationId = await begin(queryClient, model);
      keepDraft(conversationId, { text: content, clientMessageId });
      forgetDraft(newConversation);
      putOutgoing(link.outgoing, conversationId, message);
      dropOutgoing(link.outgoing, place);
      place = conversationId;
      onCreated(conversationId);
    }
    link.sending.add(conversationId);
    const sent = await sendMessage(link.socket(), conversationId, { content, clientMessageId, parentId, model });
    storeMessage(queryClient, sent.message);
    // The same id sent twice answers with a generation that may be over by now; then the stored answer is fetched.
    if (sent.generation.status === 'streaming') {
      storeNewAnswer(queryClient, emptyAnswer({ ...sent.message, model: model ?? null }, sent.generation));
    } else {
      void queryClient.invalidateQueries({ queryKey: messagesQuery(conversationId).queryKey });
    }
    // What has been typed since then is not ours to drop.
    if (readDraft(conversationId).clientMessageId === clientMessageId) forgetDraft(conversationId);
    dropOutgoing(link.outgoing, place);
  } catch (error) {
    noticeSessionEnd(queryClient, error);
    putOutgoing(link.outgoing, place, { ...message, problem: toProblem(error) });
  } finally {
    if (conversationId !== null) link.sending.delete(conversationId);
  }
}

async function begin(queryClient: QueryClient, model: string | undefined): Promise<string> {
  const conversation = await createConversation(model === undefined ? {} : { model });
  storeConversation(queryClient, conversation);
  queryClient.setQueryData(messagesQuery(conversation.id).queryKey, {
    pages: [{ items: [], nextCursor: null }],
    pageParams: [null],
  });
  return conversation.id;
}

/** A finished answer may have overtaken the acknowledgement of its question. */
export function storeNewAnswer(queryClient: QueryClient, answer: ReturnType<typeof emptyAnswer>): void {
  const { queryKey } = messagesQuery(answer.conversationId);
  queryClient.setQueryData(queryKey, (held) => {
    if (held?.pages.some(({ items }) => items.some(({ id }) => id === answer.id))) return held;
    return held && putMessage(held, answer);
  });
}
