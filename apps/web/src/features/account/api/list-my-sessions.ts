import { queryOptions } from '@tanstack/react-query';
import { mySessionPageSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export const mySessionsQuery = queryOptions({
  queryKey: ['my-sessions'],
  queryFn: ({ signal }) => request('/api/auth/sessions', mySessionPageSchema, { signal }),
  refetchOnWindowFocus: true,
});
