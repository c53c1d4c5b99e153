'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useMemo } from 'react';
import { type ListedConversation, wordsOf } from '#contracts';
import { LoadMore } from '../../../components/paged-list.tsx';
import { ProblemNotice } from '../../../components/problem-notice.tsx';
import { itemsOf } from '../../../lib/items-of.ts';
import { searchQuery } from '../api/search-conversations.ts';
import { titleOf } from '../title-of.ts';
import { ConversationLink } from './conversation-link.tsx';
import { Highlighted } from './highlighted.tsx';
import { ConversationsSkeleton } from './skeletons.tsx';

interface SearchResultsProps {
  search: string;
  currentId: string | null;
  onOpen: (id: string) => void;
}

export function SearchResults({ search, currentId, onOpen }: SearchResultsProps) {
  const query = useInfiniteQuery(searchQuery(search));
  const words = useMemo(() => wordsOf(search), [search]);
  const found = useMemo(() => itemsOf(query.data), [query.data]);
  if (query.isPending) return <ConversationsSkeleton />;
  if (query.isError && !query.isFetchNextPageError)
    return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} className="m-3" />;
  const isSettled = !query.isPlaceholderData && !query.hasNextPage;
  return (
    <div className="p-2.5">
      <output className="sr-only">
        {!query.isPlaceholderData && found.length > 0 && countOf(found.length, query.hasNextPage)}
      </output>
      {found.length === 0 && isSettled && (
        <output className="block px-2.5 py-4 text-sm wrap-anywhere text-muted-foreground">
          Nothing found for “{search}”.
        </output>
      )}
      {found.length > 0 && (
        <ul
          aria-label="Conversations found"
          aria-busy={query.isPlaceholderData}
          className={clsx('grid grid-cols-[minmax(0,1fr)] gap-0.5', query.isPlaceholderData && 'opacity-60')}
        >
          {found.map((conversation) => (
            <FoundConversation
              key={conversation.id}
              conversation={conversation}
              words={words}
              current={conversation.id === currentId}
              onOpen={onOpen}
            />
          ))}
        </ul>
      )}
      <LoadMore of={query} label="Search older conversations" loadingLabel="Searching older conversations…" />
    </div>
  );
}

const countOf = (count: number, hasMore: boolean): string =>
  `${count}${hasMore ? ' or more' : ''} ${count === 1 && !hasMore ? 'conversation' : 'conversations'} found`;

interface FoundConversationProps {
  conversation: ListedConversation;
  words: readonly string[];
  current: boolean;
  onOpen: (id: string) => void;
}

function FoundConversation({ conversation, words, current, onOpen }: FoundConversationProps) {
  const { id, match } = conversation;
  const title = titleOf(conversation);
  return (
    <li className={clsx('flex rounded-lg transition-colors hover:bg-accent', current && 'bg-accent')}>
      <ConversationLink id={id} current={current} onOpen={onOpen} title={title}>
        <span className="block truncate font-medium">
          <Highlighted text={title} words={words} />
        </span>
        {match && (
          <span
            dir="auto"
            className="mt-0.5 line-clamp-2 text-xs leading-relaxed wrap-anywhere text-muted-foreground"
          >
            <Highlighted text={match.excerpt} words={words} />
          </span>
        )}
      </ConversationLink>
    </li>
  );
}
