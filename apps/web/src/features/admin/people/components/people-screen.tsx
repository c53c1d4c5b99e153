'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ListProblem, LoadMore } from '../../../../components/paged-list.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { itemsOf } from '../../../../lib/items-of.ts';
import { peopleQuery } from '../api/list-people.ts';
import { everybody, isNarrowed } from '../people-address.ts';
import { usePeopleFilter } from '../use-people-filter.ts';
import { PeopleFilters } from './people-filters.tsx';
import { PeopleTable } from './people-table.tsx';

export function PeopleScreen() {
  const [filter, change] = usePeopleFilter();
  const query = useInfiniteQuery(peopleQuery(filter));
  const people = useMemo(() => itemsOf(query.data), [query.data]);
  const isShown = query.data !== undefined;
  const count = `${people.length}${query.hasNextPage ? ' and more' : ''}`;
  return (
    <>
      <PeopleFilters filter={filter} onChange={change} />
      <output className="sr-only">
        {isShown && !query.isPlaceholderData && `${count} ${people.length === 1 ? 'person' : 'people'} found`}
      </output>
      <ListProblem of={query} className="mb-4" />
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
      <LoadMore of={query} label="Show more people" loadingLabel="Loading more people…" className="mt-4" />
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
