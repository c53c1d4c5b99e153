import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { overviewSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';
import type { Days } from '../range.ts';

export const overviewQuery = (days: Days) =>
  queryOptions({
    queryKey: ['admin', 'overview', days],
    queryFn: ({ signal }) => request(`/api/admin/overview?days=${days}`, overviewSchema, { signal }),
    placeholderData: keepPreviousData,
  });
