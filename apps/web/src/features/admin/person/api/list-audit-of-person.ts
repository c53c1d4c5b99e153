import { infiniteQueryOptions } from '@tanstack/react-query';
import { auditPageSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';
import { personPath } from './get-person.ts';

/** Newest first. */
export const auditOfPersonQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'person', id, 'audit'],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        limit: '20',
        ...(pageParam === null ? {} : { cursor: pageParam }),
      });
      return request(`${personPath(id)}/audit-logs?${query}`, auditPageSchema, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
