'use client';

import { Pencil, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { type EditableField, type PersonDetail } from '#contracts';
import { CopyButton } from '../../../../components/copy-button.tsx';
import { Fact, Facts, Panel } from '../../../../components/panel.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { When } from '../../../../components/when.tsx';
import { toProblem } from '../../../../lib/problem.ts';
import { useMay } from '../../../../lib/session.ts';
import { updatePerson } from '../api/update-person.ts';
import { fieldNames } from '../describe-person.ts';
import { usePersonAct } from '../use-person-act.ts';
import { ProfileForm } from './profile-form.tsx';

export function ProfilePanel({ person }: { person: PersonDetail }) {
  const mayEdit = useMay('users.manage');
  const [isEditing, setEditing] = useState(false);
  const fullName = [person.firstName, person.lastName].filter(Boolean).join(' ');
  return (
    <Panel
      title="Profile"
      about="Read from Entra at each sign-in. What is edited here stays until it is given back."
      actions={
        mayEdit &&
        !isEditing && (
          <Button variant="outline" size="sm" onClick={() => setEditing(true)}>
            <Pencil /> Edit
          </Button>
        )
      }
    >
      {isEditing ? (
        <ProfileForm person={person} onClose={() => setEditing(false)} />
      ) : (
        <Facts>
          <EditableFact person={person} field="displayName" />
          <Fact name="E-mail">{person.email ?? 'None'}</Fact>
          <EditableFact person={person} field="department" />
          <EditableFact person={person} field="jobTitle" />
          <Fact name="Name in Entra">{fullName || 'Not given'}</Fact>
          <Fact name="Object id">
            <span className="inline-flex max-w-full items-center gap-1">
              <code className="text-xs wrap-anywhere">{person.objectId}</code>
              <CopyButton text={person.objectId} label="Copy the object id" size="icon-sm" />
            </span>
          </Fact>
          <Fact name="First seen">
            <When time={person.createdAt} />
          </Fact>
          <Fact name="Last sign-in">
            <When time={person.lastSignInAt} />
          </Fact>
        </Facts>
      )}
    </Panel>
  );
}

function EditableFact({ person, field }: { person: PersonDetail; field: EditableField }) {
  const mayEdit = useMay('users.manage');
  const isEdited = person.editedFields.includes(field);
  const name = fieldNames[field];
  const giveBack = usePersonAct(person.id, {
    act: () => updatePerson(person.id, { [field]: null }),
    done: () => `${name} is given back: Entra’s comes with the next sign-in.`,
  });
  return (
    <Fact name={name}>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        {person[field] ?? 'None'}
        {isEdited && <Badge>Edited here</Badge>}
        {isEdited && mayEdit && (
          <Button
            variant="outline"
            size="xs"
            aria-label={`Give back to Entra: ${name}`}
            aria-disabled={giveBack.isPending}
            onClick={() => !giveBack.isPending && giveBack.mutate()}
          >
            <Undo2 /> Give back to Entra
          </Button>
        )}
      </span>
      {giveBack.isError && (
        <p role="alert" className="text-xs text-destructive">
          Not changed: {toProblem(giveBack.error).title}
        </p>
      )}
    </Fact>
  );
}
