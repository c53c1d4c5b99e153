'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useMemo } from 'react';
import { ListProblem, LoadMore } from '../../../../components/paged-list.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { itemsOf } from '../../../../lib/items-of.ts';
import { AdminPage } from '../../shell/admin-page.tsx';
import { liveSessionsQuery } from '../api/list-live-sessions.ts';
import { SessionsTable } from './sessions-table.tsx';

export function SessionsScreen() {
  const query = useInfiniteQuery(liveSessionsQuery);
  const sessions = useMemo(() => itemsOf(query.data), [query.data]);
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
      <ListProblem of={query} className="mb-4" />
      {query.isPending && (
        <section aria-label="Loading sessions" aria-busy className="grid gap-3">
          {['first', 'second', 'third'].map((row) => (
            <Skeleton key={row} shape="rounded-2xl" className="h-40 md:h-16" />
          ))}
        </section>
      )}
      {sessions.length > 0 && <SessionsTable label="Live sessions" sessions={sessions} withPerson />}
      <LoadMore
        of={query}
        label="Show more sessions"
        loadingLabel="Loading more sessions…"
        className="mt-4"
      />
    </AdminPage>
  );
}
