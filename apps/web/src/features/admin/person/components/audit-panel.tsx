'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { LoadMore } from '../../../../components/load-more.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { EntryDialog } from '../../audit/components/entry-dialog.tsx';
import { EntryRow } from '../../audit/components/entry-row.tsx';
import { auditOfPersonQuery } from '../api/list-audit-of-person.ts';

export function AuditPanel({ personId }: { personId: string }) {
  const query = useInfiniteQuery(auditOfPersonQuery(personId));
  const entries = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const [opened, setOpened] = useState<number | null>(null);
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
        <ol aria-label="Audit trail" className="-mx-4 grid divide-y">
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} onOpen={setOpened} />
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
      <EntryDialog sequence={opened} onClose={() => setOpened(null)} />
    </Panel>
  );
}
