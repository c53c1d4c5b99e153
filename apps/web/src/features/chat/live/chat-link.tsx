'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { type ChatSocket, NoAcknowledgement, ask, openChatSocket } from '../../../lib/socket.ts';
import { type ValueStore, createValueStore, useValue } from '../../../lib/value-store.ts';
import { type AnswersStore, createAnswersStore } from './answers-store.ts';
import { listen } from './listen.ts';
import type { LiveAnswer } from './live-answer.ts';
import type { OutgoingMessages } from './outgoing.ts';

export type LinkState = 'connecting' | 'connected' | 'lost';

interface Announcement {
  conversationId: string;
  words: string;
}

/** The one live connection of the page, and what it has brought of the answers being written. */
export interface ChatLink {
  socket: () => ChatSocket | null;
  state: ValueStore<LinkState>;
  answers: AnswersStore;
  /** Conversations for which a message of this page is on its way: their news is awaited, not looked for. */
  sending: Set<string>;
  /** Conversations that this page itself deletes: no news when the server tells of it. */
  deleting: Set<string>;
  outgoing: ValueStore<OutgoingMessages>;
  /** What a screen reader is told of an answer, and where it is. */
  announcement: ValueStore<Announcement | null>;
  resume: (answer: Pick<LiveAnswer, 'generationId' | 'seq'>) => void;
}

const Context = createContext<ChatLink | null>(null);

export function useChatLink(): ChatLink {
  const link = useContext(Context);
  if (link === null) throw new Error('useChatLink needs ChatLinkProvider above it');
  return link;
}

export const useLinkState = (): LinkState => useValue(useChatLink().state);

export function useLiveAnswer(messageId: string): LiveAnswer | null {
  const { answers } = useChatLink();
  const read = (): LiveAnswer | null => answers.ofMessage(messageId);
  return useSyncExternalStore(answers.subscribe, read, read);
}

interface ChatLinkProviderProps {
  onDeleted: (conversationId: string) => void;
  children: ReactNode;
}

export function ChatLinkProvider({ onDeleted, children }: ChatLinkProviderProps) {
  const queryClient = useQueryClient();
  const [{ link, connect }] = useState(() => {
    let socket: ChatSocket | null = null;
    const resume: ChatLink['resume'] = ({ generationId, seq }) => {
      ask(socket, 'generation:resume', { generationId, after: seq }).catch((error: unknown) => {
        // A refusal means that it is over and forgotten there: the stored message is the answer.
        if (!(error instanceof NoAcknowledgement))
          void queryClient.invalidateQueries({ queryKey: ['messages'] });
      });
    };
    const answers = createAnswersStore(resume);
    const created: ChatLink = {
      socket: () => socket,
      state: createValueStore<LinkState>('connecting'),
      answers,
      sending: new Set(),
      deleting: new Set(),
      outgoing: createValueStore<OutgoingMessages>({}),
      announcement: createValueStore<Announcement | null>(null),
      resume,
    };
    return {
      link: created,
      connect(deleted: (conversationId: string) => void): () => void {
        const opened = openChatSocket();
        socket = opened;
        const stopListening = listen(opened, created, queryClient, deleted);
        return () => {
          stopListening();
          opened.disconnect();
          if (socket === opened) socket = null;
        };
      },
    };
  });

  useEffect(() => connect(onDeleted), [connect, onDeleted]);
  return <Context value={link}>{children}</Context>;
}
