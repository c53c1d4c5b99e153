import { infiniteQueryOptions } from '@tanstack/react-query';
import { messagePageSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

/** The next page of this list is the one before it in time. */
export const messagesQuery = (conversationId: string) =>
  infiniteQueryOptions({
    queryKey: ['messages', conversationId],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        limit: '50',
        ...(pageParam === null ? {} : { cursor: pageParam }),
      });
      const path = `/api/chat/conversations/${encodeURIComponent(conversationId)}/messages?${query}`;
      return request(path, messagePageSchema, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
