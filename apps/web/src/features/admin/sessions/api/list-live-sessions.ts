import { infiniteQueryOptions } from '@tanstack/react-query';
import { administeredSessionPageSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';

/** The one begun last comes first. */
export const liveSessionsQuery = infiniteQueryOptions({
  queryKey: ['admin', 'sessions'],
  queryFn: ({ pageParam, signal }) => {
    const query = pageParam === null ? '' : `?${new URLSearchParams({ cursor: pageParam })}`;
    return request(`/api/admin/sessions${query}`, administeredSessionPageSchema, { signal });
  },
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
  refetchOnWindowFocus: true,
});
