import { infiniteQueryOptions, keepPreviousData, type QueryClient } from '@tanstack/react-query';
import { conversationPageSchema } from '#contracts';
import { request } from '../../../lib/api.ts';

const found = ['found-conversations'];

export const searchQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: [...found, search],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ search, limit: '20' });
      if (pageParam !== null) query.set('cursor', pageParam);
      return request(`/api/chat/conversations?${query}`, conversationPageSchema, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    // What was written since is in it.
    staleTime: 0,
  });

/** Something was written, renamed or deleted: what is shown is looked for again. */
export const searchAgain = (queryClient: QueryClient): void =>
  void queryClient.invalidateQueries({ queryKey: found });
