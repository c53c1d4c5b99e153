'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ListProblem, LoadMore } from '../../../../components/paged-list.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { itemsOf } from '../../../../lib/items-of.ts';
import { EntryDialog } from '../../audit/components/entry-dialog.tsx';
import { EntryRow } from '../../audit/components/entry-row.tsx';
import { auditOfPersonQuery } from '../api/list-audit-of-person.ts';

export function AuditPanel({ personId }: { personId: string }) {
  const query = useInfiniteQuery(auditOfPersonQuery(personId));
  const entries = useMemo(() => itemsOf(query.data), [query.data]);
  const [opened, setOpened] = useState<number | null>(null);
  return (
    <Panel title="Audit trail" about="What they did, and what was done to them; newest first.">
      <ListProblem of={query} />
      {query.isPending && <Skeleton className="h-40" shape="rounded-xl" />}
      {query.isSuccess && entries.length === 0 && (
        <p className="text-muted-foreground">There is no entry about them.</p>
      )}
      {entries.length > 0 && (
        <ol aria-label="Audit trail" className="-mx-4 grid divide-y">
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} onOpen={setOpened} />
          ))}
        </ol>
      )}
      <LoadMore of={query} label="Show older entries" loadingLabel="Loading older entries…" />
      <EntryDialog sequence={opened} onClose={() => setOpened(null)} />
    </Panel>
  );
}
