import { queryOptions } from '@tanstack/react-query';
import { personUsageSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';
import { personPath } from './get-person.ts';

export const personUsageQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'person', id, 'usage'],
    queryFn: ({ signal }) => request(`${personPath(id)}/usage`, personUsageSchema, { signal }),
  });
