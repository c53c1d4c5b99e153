import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Message } from '#contracts';
import { toastProblem } from '../../components/toast-problem.ts';
import { regenerateMessage } from './api/regenerate-message.ts';
import { emptyAnswer } from './live/outgoing.ts';
import { useChatLink } from './live/chat-link.tsx';
import { storeNewAnswer } from './use-send.ts';

/** Writes another version of an answer beside the one given. */
export function useRegenerate(onBegun: (answer: Message) => void) {
  const queryClient = useQueryClient();
  const link = useChatLink();
  return useMutation({
    mutationFn: (answer: Message) => {
      link.sending.add(answer.conversationId);
      return regenerateMessage(answer.id);
    },
    onSuccess: (generation, { conversationId, parentId, model }) => {
      if (parentId === null) return;
      const begun = emptyAnswer({ id: parentId, conversationId, model }, generation);
      storeNewAnswer(queryClient, begun);
      onBegun(begun);
    },
    onError: (error) => toastProblem(error),
    onSettled: (_generation, _error, { conversationId }) => link.sending.delete(conversationId),
  });
}
