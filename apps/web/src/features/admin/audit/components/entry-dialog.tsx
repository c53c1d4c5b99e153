'use client';

import { useQuery } from '@tanstack/react-query';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Dialog, DialogContent, DialogTitle } from '../../../../components/ui/dialog.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { actionWords } from '../action-words.ts';
import { entryQuery } from '../api/get-entry.ts';
import { EntryDetails } from './entry-details.tsx';

/** One entry, by its place in the log; null shows nothing. */
export function EntryDialog({ sequence, onClose }: { sequence: number | null; onClose: () => void }) {
  const { data, error, refetch } = useQuery({ ...entryQuery(sequence ?? 0), enabled: sequence !== null });
  return (
    <Dialog open={sequence !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent aria-describedby={undefined} className="sm:max-w-2xl!">
        <DialogTitle>{data ? actionWords(data.action) : `Entry ${sequence ?? ''}`}</DialogTitle>
        {data === undefined && error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
        {data === undefined && !error && <Skeleton className="h-56" shape="rounded-xl" />}
        {data !== undefined && <EntryDetails entry={data} />}
      </DialogContent>
    </Dialog>
  );
}
