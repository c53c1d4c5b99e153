import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { peopleAddress, type PeopleFilter, readFilter } from './people-address.ts';

/** The filter lives in the address, so that it can be sent to somebody and outlives a reload. */
export function usePeopleFilter(): [PeopleFilter, (changes: Partial<PeopleFilter>) => void] {
  const query = useSearchParams();
  const filter = useMemo(() => readFilter(query), [query]);
  const change = useCallback((changes: Partial<PeopleFilter>) => {
    const current = readFilter(new URLSearchParams(window.location.search));
    // The browser's own history, which Next follows: the router would fetch the page's data for each letter.
    window.history.replaceState(null, '', peopleAddress({ ...current, ...changes }));
  }, []);
  return [filter, change];
}
