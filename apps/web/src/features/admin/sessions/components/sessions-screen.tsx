'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { LoadMore } from '../../../../components/load-more.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { AdminPage } from '../../shell/admin-page.tsx';
import { liveSessionsQuery } from '../api/list-live-sessions.ts';
import { SessionsTable } from './sessions-table.tsx';

export function SessionsScreen() {
  const query = useInfiniteQuery(liveSessionsQuery);
  const sessions = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const { fetchNextPage } = query;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return (
    <AdminPage
      title="Sessions"
      about="Everybody who is signed in now, the one begun last first."
      actions={
        <Button
          variant="outline"
          size="sm"
          aria-disabled={query.isFetching}
          onClick={() => !query.isFetching && void query.refetch()}
        >
          <RefreshCw /> Refresh
        </Button>
      }
    >
      {query.isError && !query.isFetchNextPageError && (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} className="mb-4" />
      )}
      {query.isPending && (
        <section aria-label="Loading sessions" aria-busy className="grid gap-3">
          {['first', 'second', 'third'].map((row) => (
            <Skeleton key={row} shape="rounded-2xl" className="h-40 md:h-16" />
          ))}
        </section>
      )}
      {sessions.length > 0 && <SessionsTable label="Live sessions" sessions={sessions} withPerson />}
      {query.hasNextPage && (
        <div className="mt-4">
          <LoadMore
            label="Show more sessions"
            loadingLabel="Loading more sessions…"
            loading={query.isFetchingNextPage}
            failed={query.isFetchNextPageError}
            load={loadMore}
          />
        </div>
      )}
    </AdminPage>
  );
}
