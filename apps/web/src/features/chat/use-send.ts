import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import type { Message } from '#contracts';
import { newId } from '../../lib/new-id.ts';
import { toProblem } from '../../lib/problem.ts';
import { noticeSessionEnd } from '../../lib/session.ts';
import { createConversation } from './api/create-conversation.ts';
import { messagesQuery } from './api/list-messages.ts';
import { sendMessage } from './api/send-message.ts';
import { moveDraft, newConversation } from './draft.ts';
import { type ChatLink, useChatLink } from './live/chat-link.tsx';
import { storeConversation, storeMessage } from './live/listen.ts';
import { type OutgoingMessage, dropOutgoing, emptyAnswer, putOutgoing, readUnsent } from './live/outgoing.ts';
import { putMessage } from './paged.ts';

export interface NewMessage {
  content: string;
  parentId: string | null;
  model: string | undefined;
  /** Given when this was sent before without an answer: sent again under it, it cannot be doubled. */
  clientMessageId?: string;
}

export type Send = (conversationId: string | null, message: NewMessage) => void;

/** @param onCreated hears of the conversation that a first message begins. */
export function useSend(onCreated: (conversationId: string) => void): Send {
  const queryClient = useQueryClient();
  const link = useChatLink();
  return useCallback(
    (conversationId, { content, parentId, model, clientMessageId = newId() }) => {
      const message = { clientMessageId, content, parentId, model, problem: null };
      void deliver(queryClient, link, conversationId, message, onCreated);
    },
    [queryClient, link, onCreated],
  );
}

/** Takes up a message that a reload or an ended session cut off: its id makes sending it again safe. */
export function useUnsent(conversationId: string | null, send: Send): void {
  const link = useChatLink();
  const place = conversationId ?? newConversation;
  useEffect(() => {
    if (link.outgoing.get()[place] !== undefined) return;
    const unsent = readUnsent(place);
    if (unsent === null) return;
    if (unsent.problem === null) send(conversationId, unsent);
    else putOutgoing(link.outgoing, place, unsent);
  }, [link, place, conversationId, send]);
}

async function deliver(
  queryClient: QueryClient,
  link: ChatLink,
  known: string | null,
  message: OutgoingMessage,
  onCreated: (conversationId: string) => void,
): Promise<void> {
  let place = known ?? newConversation;
  putOutgoing(link.outgoing, place, message);
  try {
    const conversationId = known ?? (await begin(queryClient, message));
    link.sending.add(conversationId);
    if (known === null) {
      putOutgoing(link.outgoing, conversationId, message);
      dropOutgoing(link.outgoing, newConversation);
      moveDraft(newConversation, conversationId);
      place = conversationId;
      onCreated(conversationId);
    }
    const { problem: _none, ...body } = message;
    const sent = await sendMessage(link.socket(), conversationId, body);
    storeMessage(queryClient, sent.message);
    if (sent.generation.status === 'streaming') {
      const question = { ...sent.message, model: sent.message.model ?? message.model ?? null };
      storeNewAnswer(queryClient, emptyAnswer(question, sent.generation));
    } else {
      // Sent a second time, the same id answers with a generation that may be over by now.
      void queryClient.invalidateQueries({ queryKey: messagesQuery(conversationId).queryKey });
    }
    dropOutgoing(link.outgoing, place);
  } catch (error) {
    noticeSessionEnd(queryClient, error);
    putOutgoing(link.outgoing, place, { ...message, problem: toProblem(error) });
  } finally {
    link.sending.delete(place);
  }
}

/** The trace of a message begins with the conversation that it begins. */
async function begin(queryClient: QueryClient, { model, clientMessageId }: OutgoingMessage): Promise<string> {
  const conversation = await createConversation(model === undefined ? {} : { model }, clientMessageId);
  storeConversation(queryClient, conversation);
  queryClient.setQueryData(messagesQuery(conversation.id).queryKey, {
    pages: [{ items: [], nextCursor: null }],
    pageParams: [null],
  });
  return conversation.id;
}

/** A finished answer may have overtaken the acknowledgement of its question. */
export function storeNewAnswer(queryClient: QueryClient, answer: Message): void {
  queryClient.setQueryData(messagesQuery(answer.conversationId).queryKey, (held) => {
    if (held?.pages.some(({ items }) => items.some(({ id }) => id === answer.id))) return held;
    return held && putMessage(held, answer);
  });
}
