import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { type LogFilter, logAddress, readEntry, readFilter } from './audit-address.ts';

const current = (): URLSearchParams => new URLSearchParams(window.location.search);

/** Filter and open entry live in the address, so that both can be sent to somebody and outlive a reload. */
export function useAuditAddress() {
  const query = useSearchParams();
  const filter = useMemo(() => readFilter(query), [query]);
  // The browser's own history, which Next follows: the router would fetch the page's data for each letter.
  const change = useCallback((changes: Partial<LogFilter>) => {
    window.history.replaceState(null, '', logAddress({ ...readFilter(current()), ...changes }));
  }, []);
  const open = useCallback((sequence: number | null) => {
    window.history.pushState(null, '', logAddress(readFilter(current()), sequence));
  }, []);
  return { filter, change, entry: readEntry(query), open };
}
