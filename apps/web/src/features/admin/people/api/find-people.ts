import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { personPageSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';

/** The first few whose name or address has words that begin like this. */
export const findPeopleQuery = (search: string) =>
  queryOptions({
    queryKey: ['admin', 'people', 'found', search],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ search, limit: '5', sort: 'displayName' });
      return request(`/api/admin/users?${query}`, personPageSchema, { signal });
    },
    placeholderData: keepPreviousData,
  });
