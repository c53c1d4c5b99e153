'use client';

import { memo } from 'react';
import type { AuditEntryWire } from '#contracts';
import { When } from '../../../../components/when.tsx';
import { actionWords, reasonWords } from '../action-words.ts';
import { actorName } from '../actor-name.ts';
import { entryAddress } from '../audit-address.ts';
import { OutcomeMark } from './outcome-mark.tsx';

interface EntryRowProps {
  entry: AuditEntryWire;
  onOpen: (sequence: number) => void;
}

/** A link, so that it opens in another tab as well; here it opens beside the list. */
export const EntryRow = memo(function EntryRow({ entry, onOpen }: EntryRowProps) {
  const { sequence, occurredAt, actor, action, outcome, ipAddress, details } = entry;
  const why = typeof details.code === 'string' ? reasonWords(details.code) : null;
  return (
    <li>
      <a
        href={entryAddress(sequence)}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          onOpen(sequence);
        }}
        className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 px-4 py-2.5 text-sm outline-none hover:bg-accent/60 focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset md:grid-cols-[auto_minmax(0,1fr)_minmax(0,14rem)_11rem]"
      >
        <OutcomeMark outcome={outcome} />
        <span className="wrap-anywhere">
          <span className="font-medium">{actionWords(action)}</span>
          {why !== null && <span className="text-muted-foreground"> · {why}</span>}
        </span>
        <span className="wrap-anywhere text-muted-foreground max-md:col-start-2">
          {actorName(actor)}
          {ipAddress !== null && <span className="block text-xs">{ipAddress}</span>}
        </span>
        <span className="text-muted-foreground max-md:col-start-2 max-md:text-xs md:text-right">
          <When time={occurredAt} />
        </span>
      </a>
    </li>
  );
});
