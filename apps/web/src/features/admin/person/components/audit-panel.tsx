'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AuditEntryWire } from '#contracts';
import { LoadMore } from '../../../../components/load-more.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { When } from '../../../../components/when.tsx';
import { auditOfPersonQuery } from '../api/list-audit-of-person.ts';

export function AuditPanel({ personId }: { personId: string }) {
  const query = useInfiniteQuery(auditOfPersonQuery(personId));
  const entries = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const { fetchNextPage } = query;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return (
    <Panel title="Audit trail" about="What they did, and what was done to them; newest first.">
      {query.isError && !query.isFetchNextPageError && (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton className="h-40" shape="rounded-xl" />}
      {query.isSuccess && entries.length === 0 && (
        <p className="text-muted-foreground">There is no entry about them.</p>
      )}
      {entries.length > 0 && (
        <ol aria-label="Audit trail" className="grid divide-y">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <LoadMore
          label="Show older entries"
          loadingLabel="Loading older entries…"
          loading={query.isFetchingNextPage}
          failed={query.isFetchNextPageError}
          load={loadMore}
        />
      )}
    </Panel>
  );
}

function Entry({ entry }: { entry: AuditEntryWire }) {
  const { actor } = entry;
  return (
    <li className="py-2.5">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-muted-foreground">
          <When time={entry.occurredAt} />
        </span>
        <span className="font-medium wrap-anywhere">{entry.action}</span>
        {entry.outcome === 'failure' && <Badge>Refused</Badge>}
        <span className="text-muted-foreground wrap-anywhere">
          {actor.displayName ?? actor.email ?? 'Nobody signed in'}
        </span>
      </p>
    </li>
  );
}
