import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { personPageSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';
import { type PeopleFilter, writeFilter } from '../people-address.ts';

export const peopleQuery = (filter: PeopleFilter) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'people', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = writeFilter(filter);
      if (pageParam !== null) query.set('cursor', pageParam);
      return request(`/api/admin/users?${query}`, personPageSchema, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  });
