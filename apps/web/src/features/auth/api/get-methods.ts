import { queryOptions } from '@tanstack/react-query';
import { methodsSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export const methodsQuery = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: ({ signal }) => request('/api/auth/methods', methodsSchema, { signal }),
  staleTime: Infinity,
});
