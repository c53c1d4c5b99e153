import { queryOptions } from '@tanstack/react-query';
import { conversationSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) =>
      request(`/api/chat/conversations/${encodeURIComponent(id)}`, conversationSchema, { signal }),
  });
