import { queryOptions } from '@tanstack/react-query';
import { auditEntrySchema } from '#contracts';
import { request } from '../../../../lib/api.ts';

/** What is written never changes. */
export const entryQuery = (sequence: number) =>
  queryOptions({
    queryKey: ['admin', 'audit', 'entry', sequence],
    queryFn: ({ signal }) => request(`/api/admin/audit-logs/${sequence}`, auditEntrySchema, { signal }),
    staleTime: Infinity,
  });
