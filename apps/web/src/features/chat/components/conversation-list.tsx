'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { LoadMore } from '../../../components/paged-list.tsx';
import { ProblemNotice } from '../../../components/problem-notice.tsx';
import { itemsOf } from '../../../lib/items-of.ts';
import { useMay } from '../../../lib/session.ts';
import { useNow } from '../../../lib/use-now.ts';
import { conversationsQuery } from '../api/list-conversations.ts';
import { groupByDate } from '../group-by-date.ts';
import { ConversationItem } from './conversation-item.tsx';
import { ConversationsSkeleton } from './skeletons.tsx';

interface ConversationListProps {
  currentId: string | null;
  onOpen: (id: string) => void;
  onDeleted: (id: string) => void;
}

export function ConversationList({ currentId, onOpen, onDeleted }: ConversationListProps) {
  const query = useInfiniteQuery(conversationsQuery);
  const writable = useMay('chat.use');
  const now = useNow(60_000);
  const groups = useMemo(() => groupByDate(itemsOf(query.data), now), [query.data, now]);
  if (query.isPending) return <ConversationsSkeleton />;
  if (query.isError && query.data === undefined) {
    return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} className="m-3" />;
  }
  if (groups.length === 0) {
    return (
      <p className="px-5 py-6 text-sm text-muted-foreground">No conversations yet. They will appear here.</p>
    );
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-2.5">
      {groups.map(({ group, items }) => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h2 id={`group-${group}`} className="px-2.5 pb-1 text-xs font-medium text-muted-foreground">
            {group}
          </h2>
          <ul className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
            {items.map((conversation) => (
              <ConversationItem
                key={conversation.id}
                conversation={conversation}
                current={conversation.id === currentId}
                writable={writable}
                onOpen={onOpen}
                onDeleted={onDeleted}
              />
            ))}
          </ul>
        </section>
      ))}
      <LoadMore of={query} label="Show older conversations" loadingLabel="Loading older conversations…" />
    </div>
  );
}
