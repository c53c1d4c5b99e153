'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { formatNumber } from '../../../../components/charts/series.ts';
import { ListProblem, LoadMore } from '../../../../components/paged-list.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { Switch } from '../../../../components/ui/switch.tsx';
import { itemsOf } from '../../../../lib/items-of.ts';
import { entriesQuery } from '../api/list-entries.ts';
import { everything, isNarrowed, type LogFilter } from '../audit-address.ts';
import { useKeepPlace } from '../use-keep-place.ts';
import { useLiveTail } from '../use-live-tail.ts';
import { EntryRow } from './entry-row.tsx';

interface AuditListProps {
  filter: LogFilter;
  onChange: (changes: Partial<LogFilter>) => void;
  onOpen: (sequence: number) => void;
  live: boolean;
  onLive: (live: boolean) => void;
}

export function AuditList({ filter, onChange, onOpen, live, onLive }: AuditListProps) {
  const query = useInfiniteQuery(entriesQuery(filter));
  const { arrived, paused } = useLiveTail(filter, live);
  const entries = useMemo(() => itemsOf(query.data), [query.data]);
  const list = useRef<HTMLOListElement>(null);
  useKeepPlace(list, entries[0]?.id);
  const [first] = query.data?.pages ?? [];
  return (
    <>
      <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-3 text-sm">
        <output className="text-muted-foreground">
          {first && !query.isPlaceholderData
            ? totalWords(first, entries.length)
            : query.isFetching && 'Looking…'}
        </output>
        <span className="flex items-center gap-3">
          {isNarrowed(filter) && (
            <Button variant="ghost" size="sm" onClick={() => onChange(everything)}>
              Clear filters
            </Button>
          )}
          <label className="flex items-center gap-2">
            {paused ? 'Live (paused until you are back)' : 'Live'}
            <Switch checked={live} onCheckedChange={onLive} />
          </label>
        </span>
      </div>
      <output className="sr-only">
        {arrived > 0 && `${arrived} new ${arrived === 1 ? 'entry' : 'entries'}`}
      </output>
      <ListProblem of={query} className="mb-4" />
      {query.isPending && <ListSkeleton />}
      {query.isSuccess && entries.length === 0 && (
        <p className="rounded-2xl border bg-card px-5 py-10 text-center text-sm text-muted-foreground">
          {isNarrowed(filter) ? 'No entry fits these filters.' : 'Nothing has been recorded yet.'}
        </p>
      )}
      {entries.length > 0 && (
        <ol
          ref={list}
          aria-label="Audit log"
          aria-busy={query.isPlaceholderData}
          className="divide-y overflow-hidden rounded-2xl border bg-card [overflow-anchor:none]"
        >
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} onOpen={onOpen} />
          ))}
        </ol>
      )}
      <LoadMore
        of={query}
        label="Show older entries"
        loadingLabel="Loading older entries…"
        className="mt-4"
      />
    </>
  );
}

function totalWords(
  { total, totalIsLowerBound }: { total: number; totalIsLowerBound: boolean },
  shown: number,
): string {
  if (totalIsLowerBound) return `At least ${formatNumber(Math.max(total, shown))} entries`;
  return `${formatNumber(total)} ${total === 1 ? 'entry' : 'entries'}`;
}

function ListSkeleton() {
  return (
    <section aria-label="Loading the log" aria-busy className="grid gap-2">
      {['first', 'second', 'third', 'fourth', 'fifth'].map((row) => (
        <Skeleton key={row} shape="rounded-xl" className="h-14" />
      ))}
    </section>
  );
}
