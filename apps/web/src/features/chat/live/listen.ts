import type { QueryClient } from '@tanstack/react-query';
import type { Conversation, GenerationFinished, Message } from '#contracts';
import { followSession } from '../../../lib/live-session.ts';
import type { ChatSocket } from '../../../lib/socket.ts';
import { conversationQuery } from '../api/get-conversation.ts';
import { conversationsQuery } from '../api/list-conversations.ts';
import { messagesQuery } from '../api/list-messages.ts';
import { searchAgain } from '../api/search-conversations.ts';
import {
  type Paged,
  isOlder,
  messagesInOrder,
  putConversation,
  putMessage,
  removeConversation,
} from '../paged.ts';
import type { ChatLink } from './chat-link.tsx';

/** Carries what the server says into the caches and the running answers. @returns how to stop. */
export function listen(
  socket: ChatSocket,
  link: ChatLink,
  queryClient: QueryClient,
  onDeleted: (conversationId: string) => void,
): () => void {
  let wasConnected = false;
  const stopFollowing = followSession(socket, queryClient, {
    onConnected() {
      link.state.set('connected');
      if (wasConnected) catchUp(queryClient);
      wasConnected = true;
      for (const answer of link.answers.running()) link.resume(answer);
    },
    onLost: () => link.state.set('lost'),
  });

  socket.on('generation:started', ({ generationId, conversationId, messageId }) => {
    link.answers.dispatch({ type: 'started', generationId, messageId });
    const known = queryClient.getQueryData<Paged<Message>>(messagesQuery(conversationId).queryKey);
    if (known === undefined || link.sending.has(conversationId)) return;
    if (!messagesInOrder(known).some(({ id }) => id === messageId)) {
      void queryClient.invalidateQueries({ queryKey: messagesQuery(conversationId).queryKey });
    }
  });
  socket.on('generation:waiting', ({ generationId, code, retryAfterSeconds }) => {
    const until = Date.now() + retryAfterSeconds * 1000;
    link.answers.dispatch({ type: 'waiting', generationId, code, until });
  });
  socket.on('generation:delta', (event) => link.answers.dispatch({ type: 'delta', ...event }));
  socket.on('generation:finished', (event) => {
    storeMessage(queryClient, event.message);
    link.answers.dispatch({ type: 'finished', generationId: event.generationId });
    link.announcement.set({ conversationId: event.message.conversationId, words: describeEnd(event) });
  });
  socket.on('conversation:updated', ({ conversation }) => storeConversation(queryClient, conversation));
  socket.on('conversation:deleted', ({ conversationId }) => {
    if (link.deleting.has(conversationId)) return;
    onDeleted(conversationId);
    forgetConversation(queryClient, conversationId);
  });
  return stopFollowing;
}

function catchUp(queryClient: QueryClient): void {
  for (const queryKey of [['conversations'], ['conversation'], ['messages']]) {
    void queryClient.invalidateQueries({ queryKey });
  }
  searchAgain(queryClient);
}

/** An older list that is still on its way must not undo what is stored now. */
export function storeMessage(queryClient: QueryClient, message: Message): void {
  const { queryKey } = messagesQuery(message.conversationId);
  const held = queryClient.getQueryData<Paged<Message>>(queryKey);
  if (held === undefined) return;
  queryClient.setQueryData(queryKey, putMessage(held, message));
  if (queryClient.getQueryState(queryKey)?.fetchStatus === 'fetching') {
    void queryClient.invalidateQueries({ queryKey });
  }
}

export function storeConversation(queryClient: QueryClient, conversation: Conversation): void {
  queryClient.setQueryData(conversationQuery(conversation.id).queryKey, (known) =>
    known !== undefined && isOlder(conversation, known) ? known : conversation,
  );
  const held = queryClient.getQueryData<Paged<Conversation>>(conversationsQuery.queryKey);
  if (held !== undefined)
    queryClient.setQueryData(conversationsQuery.queryKey, putConversation(held, conversation));
  searchAgain(queryClient);
}

export function forgetConversation(queryClient: QueryClient, id: string): void {
  const held = queryClient.getQueryData<Paged<Conversation>>(conversationsQuery.queryKey);
  if (held !== undefined) queryClient.setQueryData(conversationsQuery.queryKey, removeConversation(held, id));
  searchAgain(queryClient);
  // Once no screen shows it any more: what is shown would be fetched again, and is not there.
  setTimeout(() => {
    queryClient.removeQueries({ queryKey: messagesQuery(id).queryKey, type: 'inactive' });
    queryClient.removeQueries({ queryKey: conversationQuery(id).queryKey, type: 'inactive' });
  }, 1_000);
}

function describeEnd({ status, message, error }: GenerationFinished): string {
  switch (status) {
    case 'done':
      return `Answer finished: ${message.content.slice(0, 300)}`;
    case 'stopped':
      return 'You stopped this answer.';
    case 'interrupted':
      return 'The answer was interrupted.';
    case 'failed':
      return `The answer failed: ${error?.title ?? message.error?.title ?? 'unknown reason'}`;
  }
}
