import { infiniteQueryOptions } from '@tanstack/react-query';
import { conversationPageSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export const conversationsQuery = infiniteQueryOptions({
  queryKey: ['conversations'],
  queryFn: ({ pageParam, signal }) => {
    const query = new URLSearchParams({ limit: '40', ...(pageParam === null ? {} : { cursor: pageParam }) });
    return request(`/api/chat/conversations?${query}`, conversationPageSchema, { signal });
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
});
