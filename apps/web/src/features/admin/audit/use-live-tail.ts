import { type InfiniteData, type QueryClient, useQuery } from '@tanstack/react-query';
import type { AuditPage } from '#contracts';
import { useAttended } from '../../../lib/use-attended.ts';
import { entriesQuery, fetchEntries } from './api/list-entries.ts';
import type { LogFilter } from './audit-address.ts';
import { newerEntries, withNewer } from './newer-entries.ts';

const everyMs = 3_000;

/** Puts what is new on top of the list while it is switched on. @returns how many the last look brought. */
export function useLiveTail(filter: LogFilter, on: boolean): { arrived: number; paused: boolean } {
  const attended = useAttended();
  const { data: arrived = 0 } = useQuery({
    queryKey: ['admin', 'audit', 'tail', filter],
    queryFn: async ({ signal, client }) => addNewer(client, filter, await fetchEntries(filter, null, signal)),
    enabled: on,
    refetchInterval: attended && everyMs,
    staleTime: 0,
    gcTime: 0,
  });
  return { arrived: on ? arrived : 0, paused: on && !attended };
}

function addNewer(queryClient: QueryClient, filter: LogFilter, fetched: AuditPage): number {
  const { queryKey } = entriesQuery(filter);
  const held = queryClient.getQueryData<InfiniteData<AuditPage, string | null>>(queryKey);
  const [first, ...others] = held?.pages ?? [];
  if (held === undefined || first === undefined) return 0;
  const newer = newerEntries(first, fetched);
  if (newer.gap) void queryClient.resetQueries({ queryKey, exact: true });
  else if (newer.entries.length > 0)
    queryClient.setQueryData(queryKey, { ...held, pages: [withNewer(first, fetched, newer), ...others] });
  return newer.entries.length;
}
