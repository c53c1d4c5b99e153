'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useDeferredValue, useState } from 'react';
import type { Person } from '#contracts';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { TextField } from '../../../../components/ui/field.tsx';
import { roleNames } from '../../../account/describe.ts';
import { findPeopleQuery } from '../../people/api/find-people.ts';
import { personAddress } from '../../people/people-address.ts';
import { sourceNames } from '../../person/describe-person.ts';
import { type Seen, WhyTheseRoles } from './why-these-roles.tsx';

/** Somebody's roles and why, by what Entra said of them last. */
export function PersonRolesPanel({ onUse }: { onUse: (seen: Seen) => void }) {
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const { data, error, isFetching, refetch } = useQuery({
    ...findPeopleQuery(search),
    enabled: search !== '',
  });
  return (
    <Panel
      title="Look up a person"
      about="Their roles, and why: by the groups and app roles that Entra named for them last."
    >
      <TextField
        label="Name or e-mail address"
        type="search"
        autoComplete="off"
        maxLength={200}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div aria-live="polite" aria-busy={isFetching} className="mt-3 grid gap-2">
        {search !== '' && error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
        {search !== '' && data?.items.length === 0 && (
          <p className="text-muted-foreground">Nobody who has signed in here matches.</p>
        )}
        {search !== '' &&
          data?.items.map((person) => <Found key={person.id} person={person} onUse={onUse} />)}
        {search !== '' && data && data.nextCursor !== null && (
          <p className="text-xs text-muted-foreground">There are more: type more of the name.</p>
        )}
      </div>
    </Panel>
  );
}

function Found({ person, onUse }: { person: Person; onUse: (seen: Seen) => void }) {
  return (
    <section aria-label={person.displayName} className="rounded-xl border bg-muted/40 p-3">
      <Link
        href={personAddress(person.id)}
        prefetch={false}
        className="rounded font-medium outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
      >
        {person.displayName}
      </Link>
      <span className="ml-2 text-muted-foreground wrap-anywhere">{person.email}</span>
      <ul className="mt-2 grid gap-1">
        {person.roles.length === 0 && <li className="text-muted-foreground">No role</li>}
        {person.roles.map(({ role, source }) => (
          <li key={`${role} ${source}`} className="flex flex-wrap items-center gap-x-2">
            <Badge>{roleNames[role].name}</Badge>
            <span className="text-muted-foreground">{sourceNames[source]}</span>
          </li>
        ))}
      </ul>
      <WhyTheseRoles person={person} onUse={onUse} />
    </section>
  );
}
