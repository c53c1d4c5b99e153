import { queryOptions } from '@tanstack/react-query';
import { administeredSessionPageSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';
import { personPath } from './get-person.ts';

export const sessionsOfPersonQuery = (id: string) =>
  queryOptions({
    queryKey: ['admin', 'person', id, 'sessions'],
    queryFn: ({ signal }) => request(`${personPath(id)}/sessions`, administeredSessionPageSchema, { signal }),
  });
