'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Person, RolesSeen } from '#contracts';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { formatDateTime, plural } from '../../../../lib/format-time.ts';
import { personRolesQuery } from '../../person/api/get-person-roles.ts';
import { SimulatedOutcome } from './simulated-outcome.tsx';

export type Seen = NonNullable<RolesSeen['seen']>;

interface WhyTheseRolesProps {
  person: Pick<Person, 'id' | 'displayName'>;
  /** To try what is seen here with changes. */
  onUse?: (seen: Seen) => void;
}

/** Asked only when wanted: each look at it is an entry in the audit log. */
export function WhyTheseRoles({ person, onUse }: WhyTheseRolesProps) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({ ...personRolesQuery(person.id), enabled: isOpen });
  return (
    <div className="mt-3">
      {!isOpen && (
        <Button type="button" variant="outline" size="sm" onClick={() => setOpen(true)}>
          Why these roles?
        </Button>
      )}
      <div aria-live="polite" aria-busy={isFetching} className="grid gap-3">
        {isOpen && error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
        {data?.seen === null && (
          <p className="text-muted-foreground">
            Not known yet: Entra says it at their next sign-in, or when their token is renewed.
          </p>
        )}
        {data?.seen && (
          <SeenStanding seen={data.seen} name={person.displayName} {...(onUse ? { onUse } : {})} />
        )}
      </div>
    </div>
  );
}

interface SeenStandingProps {
  seen: Seen;
  name: string;
  onUse?: (seen: Seen) => void;
}

function SeenStanding({ seen, name, onUse }: SeenStandingProps) {
  const { groups, appRoles, seenAt, outcome } = seen;
  return (
    <>
      <p className="text-muted-foreground">
        On {formatDateTime(seenAt)} Entra named {plural(groups.length, 'group')} and{' '}
        {plural(appRoles.length, 'app role')} of theirs. By the rules of now that gives:
      </p>
      <SimulatedOutcome label={`What ${name} gets`} outcome={outcome} />
      {onUse && (
        <div>
          <Button type="button" variant="outline" size="sm" onClick={() => onUse(seen)}>
            Try their groups
          </Button>
        </div>
      )}
    </>
  );
}
