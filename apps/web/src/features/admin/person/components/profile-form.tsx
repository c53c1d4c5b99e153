'use client';

import { useState } from 'react';
import { type EditableField, editableFields, type PersonDetail } from '#contracts';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { TextField } from '../../../../components/ui/field.tsx';
import { toProblem } from '../../../../lib/problem.ts';
import { updatePerson } from '../api/update-person.ts';
import { fieldNames, formOf, profileChanges } from '../describe-person.ts';
import { usePersonAct } from '../use-person-act.ts';

const focus = (field: HTMLInputElement | null): void => field?.focus();

export function ProfileForm({ person, onClose }: { person: PersonDetail; onClose: () => void }) {
  const [form, setForm] = useState(() => formOf(person));
  const changes = profileChanges(person, form);
  const save = usePersonAct(person.id, {
    act: () => updatePerson(person.id, changes),
    done: () => 'The profile is changed.',
    onClose,
  });
  const isNameless = form.displayName.trim() === '';
  const submit = (): void => {
    if (isNameless || save.isPending) return;
    if (Object.keys(changes).length === 0) onClose();
    else save.mutate();
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {editableFields.map((field, index) => (
        <TextField
          key={field}
          ref={index === 0 ? focus : null}
          label={fieldNames[field]}
          maxLength={200}
          autoComplete="off"
          value={form[field]}
          onChange={({ target }) => setForm({ ...form, [field]: target.value })}
          hint={
            person.editedFields.includes(field)
              ? 'Edited here: a sign-in leaves it alone.'
              : 'From Entra. A change here stays until it is given back.'
          }
          fault={field === 'displayName' && isNameless ? 'A name is needed.' : faultOf(save.error, field)}
        />
      ))}
      {save.isError && <ProblemNotice error={save.error} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" aria-disabled={isNameless || save.isPending}>
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
        <Button type="button" variant="outline" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

const faultOf = (error: unknown, field: EditableField): string | undefined =>
  error === null ? undefined : toProblem(error).issues?.find(({ path }) => path === field)?.message;
