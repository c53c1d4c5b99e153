import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { type AuditPage, auditPageSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';
import { type LogFilter, writeFilter } from '../audit-address.ts';

export function fetchEntries(
  filter: LogFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<AuditPage> {
  const query = writeFilter(filter);
  if (cursor !== null) query.set('cursor', cursor);
  return request(`/api/admin/audit-logs?${query}`, auditPageSchema, { signal });
}

export const entriesQuery = (filter: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'audit', 'list', filter],
    queryFn: ({ pageParam, signal }) => fetchEntries(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  });
