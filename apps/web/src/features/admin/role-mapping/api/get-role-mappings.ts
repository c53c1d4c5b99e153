import { queryOptions } from '@tanstack/react-query';
import { roleMappingsSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';

export const roleMappingsQuery = queryOptions({
  queryKey: ['admin', 'role-mappings'],
  queryFn: ({ signal }) => request('/api/admin/role-mappings', roleMappingsSchema, { signal }),
});
