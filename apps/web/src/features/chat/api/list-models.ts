import { queryOptions } from '@tanstack/react-query';
import { modelsSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => request('/api/chat/models', modelsSchema, { signal }),
  staleTime: 10 * 60_000,
});
