import { queryOptions } from '@tanstack/react-query';
import { personDetailSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';

export const personPath = (id: string): string => `/api/admin/users/${encodeURIComponent(id)}`;

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'person', id],
    queryFn: ({ signal }) => request(personPath(id), personDetailSchema, { signal }),
  });
