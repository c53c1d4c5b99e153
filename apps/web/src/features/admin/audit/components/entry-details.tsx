'use client';

import Link from 'next/link';
import type { AuditEntryWire } from '#contracts';
import { CopyButton } from '../../../../components/copy-button.tsx';
import { Fact, Facts } from '../../../../components/panel.tsx';
import { When } from '../../../../components/when.tsx';
import { personAddress } from '../../people/people-address.ts';
import { reasonWords } from '../action-words.ts';
import { actorName } from '../actor-name.ts';
import { compare, fieldWords } from '../comparison.ts';
import { ChangesTable } from './changes-table.tsx';

const linkClass =
  'rounded-sm text-primary underline underline-offset-4 outline-none focus-visible:ring-2 focus-visible:ring-ring';

export function EntryDetails({ entry }: { entry: AuditEntryWire }) {
  const { actor, resourceType, resourceId, requestId } = entry;
  const { changes, rest } = compare(entry.details);
  return (
    <div className="grid gap-5 text-sm">
      <Facts>
        <Fact name="Outcome">{entry.outcome === 'success' ? 'Succeeded' : 'Failed or refused'}</Fact>
        <Fact name="When">
          <When time={entry.occurredAt} />
          <span className="block text-xs text-muted-foreground">{entry.occurredAt}</span>
        </Fact>
        <Fact name="Who">
          {actor.id === null ? (
            actorName(actor)
          ) : (
            <Link href={personAddress(actor.id)} prefetch={false} className={linkClass}>
              {actorName(actor)}
            </Link>
          )}
          {actor.displayName !== null && actor.email !== null && (
            <span className="block text-xs text-muted-foreground">{actor.email}</span>
          )}
        </Fact>
        <Fact name="From where">
          {entry.ipAddress ?? 'Not known'}
          {entry.userAgent !== null && (
            <span className="block text-xs text-muted-foreground">{entry.userAgent}</span>
          )}
        </Fact>
        {resourceType !== null && resourceId !== null && (
          <Fact name="About">
            {fieldWords(resourceType)}{' '}
            {resourceType === 'user' ? (
              <Link href={personAddress(resourceId)} prefetch={false} className={linkClass}>
                {resourceId}
              </Link>
            ) : (
              resourceId
            )}
          </Fact>
        )}
        {requestId !== null && (
          <Fact name="Request id">
            <span className="flex items-center gap-1">
              <code className="text-xs wrap-anywhere">{requestId}</code>
              <CopyButton text={requestId} label="Copy request id" />
            </span>
          </Fact>
        )}
        <Fact name="In the log">
          Entry {entry.sequence} · <code className="text-xs">{entry.action}</code>
        </Fact>
      </Facts>
      {changes.length > 0 && <ChangesTable changes={changes} />}
      {rest.length > 0 && (
        <section aria-label="More about it" className="border-t pt-4">
          <Facts>
            {rest.map(({ field, value }) => (
              <Fact key={field} name={fieldWords(field)}>
                {field === 'code' || field === 'reason' ? reasonWords(value) : value}
              </Fact>
            ))}
          </Facts>
        </section>
      )}
    </div>
  );
}
