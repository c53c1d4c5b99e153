import { queryOptions } from '@tanstack/react-query';
import { graphProfileSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export const graphProfileQuery = queryOptions({
  queryKey: ['graph-profile'],
  queryFn: ({ signal }) => request('/api/graph/me', graphProfileSchema, { signal }),
});
