'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { When } from '../../../../components/when.tsx';
import { actionWords } from '../../audit/action-words.ts';
import { actorName } from '../../audit/actor-name.ts';
import { entryAddress } from '../../audit/audit-address.ts';
import { OutcomeMark } from '../../audit/components/outcome-mark.tsx';
import { latestEntriesQuery } from '../api/list-latest-entries.ts';

/** Follows the log while somebody is there to look. */
export function LatestEntries({ attended }: { attended: boolean }) {
  const { data, error, refetch } = useQuery({ ...latestEntriesQuery, refetchInterval: attended && 5_000 });
  return (
    <Panel
      title="Latest entries"
      about={attended ? 'Of the audit log, as they come in.' : 'Of the audit log; paused until you are back.'}
      actions={
        <Button asChild variant="ghost" size="sm">
          <Link href="/admin/audit" prefetch={false}>
            Open the log
          </Link>
        </Button>
      }
    >
      {data === undefined && error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <Skeleton className="h-48" shape="rounded-xl" />}
      {data !== undefined && (
        <ol aria-label="Latest entries" className="-mx-2 grid">
          {data.items.map((entry) => (
            <li key={entry.id}>
              <Link
                href={entryAddress(entry.sequence)}
                prefetch={false}
                className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 rounded-lg px-2 py-1.5 outline-none hover:bg-accent focus-visible:ring-2 focus-visible:ring-ring"
              >
                <OutcomeMark outcome={entry.outcome} />
                <span className="font-medium wrap-anywhere">{actionWords(entry.action)}</span>
                <span className="col-start-2 text-xs wrap-anywhere text-muted-foreground">
                  {actorName(entry.actor)} · <When time={entry.occurredAt} />
                </span>
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
