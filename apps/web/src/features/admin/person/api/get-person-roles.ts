import { queryOptions } from '@tanstack/react-query';
import { rolesSeenSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';
import { personPath } from './get-person.ts';

export const personRolesQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'person', id, 'roles'],
    queryFn: ({ signal }) => request(`${personPath(id)}/roles`, rolesSeenSchema, { signal }),
  });
