'use client';

import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { Message } from '#contracts';
import { toastProblem } from '../../../components/toast-problem.ts';
import { needsConfirmation } from '../../../lib/problem.ts';
import { useMay, useSession } from '../../../lib/session.ts';
import { useValue } from '../../../lib/value-store.ts';
import { messagesQuery } from '../api/list-messages.ts';
import { stopGeneration } from '../api/stop-generation.ts';
import { newConversation } from '../draft.ts';
import { useChatLink, useLinkState } from '../live/chat-link.tsx';
import { dropOutgoing } from '../live/outgoing.ts';
import { useFollowAnswers, useOpenConversation } from '../live/use-open-conversation.ts';
import { type ChosenVersions, type PathStep, placeOf, visiblePath } from '../message-path.ts';
import { messagesInOrder } from '../paged.ts';
import { useRegenerate } from '../use-regenerate.ts';
import { type Send, useSend, useUnsent } from '../use-send.ts';
import { useSendAfterConfirming } from '../use-send-after-confirming.ts';
import { Composer, type ComposerHandle } from './composer.tsx';
import { EmptyState } from './empty-state.tsx';
import { ConfirmBeforeNext } from './confirm-identity.tsx';
import { MessageList, type MessageListHandle } from './message-list.tsx';
import { NotOpened } from './not-opened.tsx';
import { Outgoing } from './outgoing.tsx';
import { MessagesSkeleton } from './skeletons.tsx';
import { Steps } from './steps.tsx';

const noMessages: Message[] = [];

interface ConversationProps {
  conversationId: string | null;
  /** Chosen in the header; the server's own choice when undefined. */
  model: string | undefined;
  onCreated: (conversationId: string) => void;
}

/** The messages of one conversation, or the beginning of a new one, with the box to write in. */
export function Conversation({ conversationId, model, onCreated }: ConversationProps) {
  const link = useChatLink();
  const connected = useLinkState() === 'connected';
  const place = conversationId ?? newConversation;
  const outgoing = useValue(link.outgoing)[place];
  const query = useInfiniteQuery({
    ...messagesQuery(conversationId ?? ''),
    enabled: conversationId !== null,
    // While an answer is written: the safety net behind the live connection, and its stand-in without one.
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.items.some(({ status }) => status === 'streaming')
        ? connected
          ? 20_000
          : 2_000
        : false,
  });
  const messages = useMemo(() => (query.data ? messagesInOrder(query.data) : noMessages), [query.data]);
  const [chosen, setChosen] = useState<ChosenVersions>({});
  const path = useMemo(() => visiblePath(messages, chosen), [messages, chosen]);
  useFollowAnswers(messages);

  const composer = useRef<ComposerHandle>(null);
  const list = useRef<MessageListHandle>(null);
  const mayWrite = useMay('chat.use');
  const { user } = useSession();

  const streaming = messages.findLast(({ status }) => status === 'streaming');
  const busy = streaming !== undefined || (outgoing !== undefined && outgoing.problem === null);
  const showNewest = useCallback((message: Pick<Message, 'parentId'>) => {
    setChosen(({ [placeOf(message)]: _chosen, ...others }) => others);
    requestAnimationFrame(() => list.current?.toEnd());
  }, []);

  const sendMessage = useSend(onCreated);
  const send = useCallback<Send>(
    (id, message) => {
      sendMessage(id, message);
      showNewest(message);
    },
    [sendMessage, showNewest],
  );
  useUnsent(conversationId, send);
  const regenerate = useRegenerate(showNewest);
  const stop = useMutation({
    mutationFn: (generationId: string) => stopGeneration(link.socket(), generationId),
    onError: (error) => toastProblem(error),
  });

  const choose = useCallback(
    (message: Message, version: string) => setChosen((held) => ({ ...held, [placeOf(message)]: version })),
    [],
  );
  const edit = useCallback(
    ({ parentId }: Message, content: string) => send(conversationId, { content, parentId, model }),
    [send, conversationId, model],
  );
  const { mutate: regenerateNow, isPending: regenerating } = regenerate;
  useSendAfterConfirming(conversationId, conversationId === null || query.data ? messages : null, {
    send,
    regenerate: regenerateNow,
  });

  if (conversationId !== null && query.isPending) return <MessagesSkeleton />;
  if (query.isError && query.data === undefined) {
    return (
      <div className="mx-auto w-full max-w-3xl flex-1 p-4">
        <NotOpened error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }

  const shown = outgoing === undefined ? path : pathUpTo(path, outgoing.parentId);
  const lastShown = shown.at(-1)?.message;
  const locked = !mayWrite || busy || regenerating;
  const failure = outgoing?.problem ?? lastShown?.error;
  const asksToConfirm = failure != null && needsConfirmation(failure.code);
  return (
    <>
      {conversationId !== null && <OpenConversation id={conversationId} />}
      {shown.length === 0 && outgoing === undefined ? (
        <EmptyState
          name={user.displayName}
          onSuggestion={mayWrite ? (text) => composer.current?.write(text) : null}
        />
      ) : (
        <MessageList key={place} handle={list} ids={shown.map(({ message }) => message.id)} earlier={query}>
          <Steps
            path={shown}
            onChoose={choose}
            onEdit={locked ? null : edit}
            onRegenerate={locked ? null : regenerateNow}
          />
          {outgoing !== undefined && (
            <Outgoing
              place={place}
              message={outgoing}
              onRetry={() => send(conversationId, outgoing)}
              onEdit={() => {
                dropOutgoing(link.outgoing, place);
                composer.current?.write(outgoing.content);
              }}
            />
          )}
        </MessageList>
      )}
      <Announcer conversationId={conversationId} />
      <Footer>
        {mayWrite && !asksToConfirm && <ConfirmBeforeNext />}
        {mayWrite ? (
          <Composer
            ref={composer}
            place={place}
            blocked={outgoing === undefined ? null : outgoing.problem === null ? 'sending' : 'unsent'}
            answering={streaming !== undefined}
            stopping={stop.isPending}
            onStop={() => {
              const generationId = streaming?.generation?.id;
              if (generationId !== undefined) stop.mutate(generationId);
            }}
            onSend={(content) => send(conversationId, { content, parentId: lastShown?.id ?? null, model })}
          />
        ) : (
          <p className="rounded-2xl border bg-muted/60 px-4 py-3 text-center text-sm text-muted-foreground">
            Your role lets you read conversations, not write in them. Ask your administrator if you need more.
          </p>
        )}
      </Footer>
    </>
  );
}

function pathUpTo(path: PathStep[], parentId: string | null): PathStep[] {
  if (parentId === null) return [];
  const end = path.findIndex(({ message }) => message.id === parentId);
  return end === -1 ? path : path.slice(0, end + 1);
}

function OpenConversation({ id }: { id: string }) {
  useOpenConversation(id);
  return null;
}

/** Says the end of an answer once, not every word of it. */
function Announcer({ conversationId }: { conversationId: string | null }) {
  const announcement = useValue(useChatLink().announcement);
  return (
    <output className="sr-only">
      {announcement !== null && announcement.conversationId === conversationId ? announcement.words : ''}
    </output>
  );
}

function Footer({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      {children}
    </div>
  );
}
