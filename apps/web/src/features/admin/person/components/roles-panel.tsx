'use client';

import { useId, useState } from 'react';
import type { PersonDetail } from '#contracts';
import { ConfirmDialog } from '../../../../components/confirm-dialog.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Switch } from '../../../../components/ui/switch.tsx';
import { useMay, useSession } from '../../../../lib/session.ts';
import { roleNames } from '../../../account/describe.ts';
import { updatePerson } from '../api/update-person.ts';
import { WhyTheseRoles } from '../../role-mapping/components/why-these-roles.tsx';
import { permissionNames, sourceNames } from '../describe-person.ts';
import { usePersonAct } from '../use-person-act.ts';

export function RolesPanel({ person }: { person: PersonDetail }) {
  const mayGrant = useMay('users.manage');
  return (
    <Panel title="Roles" about="Entra gives them; only “Administrator” can be granted here as well.">
      {person.roles.length === 0 ? (
        <p className="text-muted-foreground">None. They cannot sign in until Entra gives them one.</p>
      ) : (
        <ul aria-label="Roles" className="grid gap-2">
          {person.roles.map(({ role, source }) => (
            <li key={`${role} ${source}`} className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <Badge>{roleNames[role].name}</Badge>
              <span className="text-muted-foreground">{sourceNames[source]}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-4 text-muted-foreground">
        {person.permissions.length > 0
          ? `With these they may ${person.permissions.map((permission) => permissionNames[permission]).join(', ')}.`
          : 'With these they may do nothing.'}
      </p>
      <WhyTheseRoles person={person} />
      {mayGrant && <AdministratorSwitch person={person} />}
    </Panel>
  );
}

/** Bound to what is granted here: what Entra gives cannot be taken away here. */
function AdministratorSwitch({ person }: { person: PersonDetail }) {
  const id = useId();
  const [isAsking, setAsking] = useState(false);
  const has = (wanted: 'entra' | 'granted'): boolean =>
    person.roles.some(({ role, source }) => role === 'admin' && source === wanted);
  const isGranted = has('granted');
  const close = (): void => setAsking(false);
  const change = usePersonAct(person.id, {
    act: () => updatePerson(person.id, { isAdmin: !isGranted }),
    done: ({ isAdmin }) =>
      isAdmin
        ? `${person.displayName} is an administrator.`
        : `${person.displayName} is no longer an administrator.`,
    onClose: close,
  });
  return (
    <div className="mt-4 flex items-start gap-3 border-t pt-4">
      <Switch
        id={id}
        className="mt-0.5"
        checked={isGranted}
        aria-describedby={`${id}-about`}
        onCheckedChange={() => {
          change.reset();
          setAsking(true);
        }}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          Administrator, granted here
        </label>
        <p id={`${id}-about`} className="text-muted-foreground">
          {has('entra')
            ? 'Entra also makes them an administrator, through a group or an app role: that is withdrawn in Entra.'
            : 'Administrators may see and change everybody, and read the audit log.'}
        </p>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={
            isGranted
              ? `Withdraw “Administrator” from ${person.displayName}?`
              : `Make ${person.displayName} an administrator?`
          }
          action={isGranted ? 'Withdraw' : 'Make administrator'}
          doing={isGranted ? 'Withdrawing…' : 'Granting…'}
          act={change}
          onClose={close}
        >
          <Consequence person={person} isGranted={isGranted} fromEntra={has('entra')} />
        </ConfirmDialog>
      )}
    </div>
  );
}

function Consequence(props: { person: PersonDetail; isGranted: boolean; fromEntra: boolean }) {
  const { person, isGranted, fromEntra } = props;
  const isMe = useSession().user.id === person.id;
  if (!isGranted)
    return (
      <p>
        They may then see and change everybody, end any session and read the audit log. It counts at once, in
        every session of theirs, and needs a recent sign-in of yours.
      </p>
    );
  if (fromEntra) return <p>They stay an administrator: Entra gives them the role as well.</p>;
  return (
    <p>
      {isMe
        ? 'This is you: the administration closes for you at once, and only another administrator can open it again.'
        : 'They lose the administration at once, in every session of theirs. An answer that their other roles do not allow stops.'}
    </p>
  );
}
