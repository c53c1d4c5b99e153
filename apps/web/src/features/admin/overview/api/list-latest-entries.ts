import { queryOptions } from '@tanstack/react-query';
import { auditPageSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';

export const latestEntriesQuery = queryOptions({
  queryKey: ['admin', 'audit', 'latest'],
  queryFn: ({ signal }) => request('/api/admin/audit-logs?limit=8', auditPageSchema, { signal }),
});
