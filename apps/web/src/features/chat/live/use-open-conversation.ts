import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Message, OpenedConversation } from '#contracts';
import { ask } from '../../../lib/socket.ts';
import { messagesQuery } from '../api/list-messages.ts';
import { messagesInOrder } from '../paged.ts';
import { type ChatLink, useChatLink, useLinkState } from './chat-link.tsx';

/** Joins the conversation's live events for as long as it is shown, again after each reconnection. */
export function useOpenConversation(conversationId: string): void {
  const link = useChatLink();
  const connected = useLinkState() === 'connected';
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!connected) return;
    const socket = link.socket();
    ask(socket, 'conversation:open', { conversationId })
      .then((answer) => fillWhatWasMissed(queryClient, link, conversationId, answer as OpenedConversation))
      .catch(() => {});
    return () => {
      ask(socket, 'conversation:close', { conversationId }).catch(() => {});
    };
  }, [conversationId, connected, link, queryClient]);
}

/** Between fetching the messages and joining, an answer may have begun or ended. */
async function fillWhatWasMissed(
  queryClient: QueryClient,
  link: ChatLink,
  conversationId: string,
  { generation }: OpenedConversation,
): Promise<void> {
  const messages = messagesInOrder(await queryClient.ensureInfiniteQueryData(messagesQuery(conversationId)));
  const outdated = generation
    ? !messages.some(({ id }) => id === generation.messageId)
    : messages.some(({ status }) => status === 'streaming');
  if (outdated && !link.sending.has(conversationId)) {
    await queryClient.invalidateQueries({ queryKey: messagesQuery(conversationId).queryKey });
  }
}

/** Hands stored beginnings of running answers to the live state, and asks for what came after them. */
export function useFollowAnswers(messages: readonly Message[]): void {
  const link = useChatLink();
  const connected = useLinkState() === 'connected';
  useEffect(() => {
    for (const { id, status, content, generation } of messages) {
      if (status !== 'streaming' || generation === undefined) continue;
      const known = link.answers.knows(generation.id);
      const { id: generationId, seq } = generation;
      link.answers.dispatch({ type: 'snapshot', generationId, messageId: id, seq, text: content });
      if (!known && connected) link.resume({ generationId, seq });
    }
  }, [messages, connected, link]);
}
