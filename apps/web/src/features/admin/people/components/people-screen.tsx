'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { LoadMore } from '../../../../components/load-more.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { peopleQuery } from '../api/list-people.ts';
import { everybody, isNarrowed } from '../people-address.ts';
import { usePeopleFilter } from '../use-people-filter.ts';
import { PeopleFilters } from './people-filters.tsx';
import { PeopleTable } from './people-table.tsx';

export function PeopleScreen() {
  const [filter, change] = usePeopleFilter();
  const query = useInfiniteQuery(peopleQuery(filter));
  const people = useMemo(() => {
    // Who signs in between two pages may be in both of them.
    const all = query.data?.pages.flatMap(({ items }) => items) ?? [];
    return [...new Map(all.map((person) => [person.id, person])).values()];
  }, [query.data]);
  const { fetchNextPage } = query;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const isShown = query.data !== undefined;
  const count = `${people.length}${query.hasNextPage ? ' and more' : ''}`;
  return (
    <>
      <PeopleFilters filter={filter} onChange={change} />
      <output className="sr-only">
        {isShown && !query.isPlaceholderData && `${count} ${people.length === 1 ? 'person' : 'people'} found`}
      </output>
      {query.isError && !query.isFetchNextPageError && (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} className="mb-4" />
      )}
      {query.isPending && <PeopleSkeleton />}
      {isShown && people.length === 0 && (
        <div className="grid justify-items-center gap-3 rounded-2xl border border-dashed px-4 py-12 text-center text-sm">
          <p className="text-muted-foreground">
            {isNarrowed(filter) ? 'Nobody matches this search.' : 'Nobody has signed in yet.'}
          </p>
          {isNarrowed(filter) && (
            <Button variant="outline" size="sm" onClick={() => change({ ...everybody, sort: filter.sort })}>
              Show everybody
            </Button>
          )}
        </div>
      )}
      {people.length > 0 && (
        <PeopleTable
          people={people}
          sort={filter.sort}
          onSort={(sort) => change({ sort })}
          busy={query.isPlaceholderData}
        />
      )}
      {query.hasNextPage && !query.isPlaceholderData && (
        <div className="mt-4">
          <LoadMore
            label="Show more people"
            loadingLabel="Loading more people…"
            loading={query.isFetchingNextPage}
            failed={query.isFetchNextPageError}
            load={loadMore}
          />
        </div>
      )}
    </>
  );
}

export function PeopleSkeleton() {
  return (
    <section aria-label="Loading people" aria-busy className="grid gap-3">
      {['first', 'second', 'third', 'fourth', 'fifth'].map((row) => (
        <Skeleton key={row} shape="rounded-2xl" className="h-32 md:h-14" />
      ))}
    </section>
  );
}
