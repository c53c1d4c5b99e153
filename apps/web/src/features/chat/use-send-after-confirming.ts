import { useEffect, useRef } from 'react';
import type { Message } from '#contracts';
import { takeConfirmation } from '../../lib/confirmation.ts';
import { needsConfirmation } from '../../lib/problem.ts';
import { useSession } from '../../lib/session.ts';
import { forgetRound, readRound } from './confirm-round.ts';
import { newConversation } from './draft.ts';
import { useChatLink } from './live/chat-link.tsx';
import type { Send } from './use-send.ts';

interface Ways {
  send: Send;
  regenerate: (answer: Message) => void;
}

/**
 * Back from confirming who one is: what Azure had refused is sent again, once.
 * @param messages null until they are known.
 */
export function useSendAfterConfirming(
  conversationId: string | null,
  messages: readonly Message[] | null,
  { send, regenerate }: Ways,
): void {
  const link = useChatLink();
  const { session } = useSession();
  const place = conversationId ?? newConversation;
  const asked = useRef(false);
  useEffect(() => {
    if (messages === null || asked.current) return;
    asked.current = true;
    const round = takeConfirmation('azure', session) ? readRound(place) : null;
    if (round === null) return;
    const refused = messages.find(({ id }) => id === round.answerId);
    const unsent = link.outgoing.get()[place];
    if (refused?.error && needsConfirmation(refused.error.code)) regenerate(refused);
    else if (round.answerId === null && unsent !== undefined) send(conversationId, unsent);
    else forgetRound(place);
  }, [messages, session, place, conversationId, link, send, regenerate]);

  const answered = messages?.at(-1)?.status === 'done';
  useEffect(() => {
    if (answered) forgetRound(place);
  }, [answered, place]);
}
