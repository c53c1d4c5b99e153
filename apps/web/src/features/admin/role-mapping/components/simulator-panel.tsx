'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { RoleMappings } from '#contracts';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { TextAreaField, TextField } from '../../../../components/ui/field.tsx';
import { plural } from '../../../../lib/format-time.ts';
import { simulateRoles } from '../api/simulate-roles.ts';
import { readAppRoles, readGroupIds } from '../group-ids.ts';
import { SimulatedOutcome } from './simulated-outcome.tsx';
import type { Seen } from './why-these-roles.tsx';

/** What somebody in these groups would get, by the rules that apply at a sign-in. `tried`: whose groups to begin with. */
export function SimulatorPanel({ rules, tried }: { rules: RoleMappings; tried: Seen | null }) {
  const [text, setText] = useState(tried?.groups.join('\n') ?? '');
  const [appRoles, setAppRoles] = useState(tried?.appRoles.join(', ') ?? '');
  const { ids, fault } = readGroupIds(text);
  const simulate = useMutation({
    mutationFn: () => simulateRoles({ groups: ids, appRoles: readAppRoles(appRoles) }),
  });
  const mapped = new Set(rules.mappings.map(({ group }) => group.toLowerCase()));
  const unmapped = ids.filter((id) => !mapped.has(id)).length;
  const forget = (): void => simulate.reset();
  return (
    <Panel
      title="Try groups"
      about="Paste the object ids of somebody’s groups, as Entra shows them. Nothing is changed."
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (fault === null && !simulate.isPending) simulate.mutate();
        }}
      >
        <TextAreaField
          label="Group ids, one a line"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            forget();
          }}
          hint={
            ids.length === 0
              ? 'Left empty: somebody who is in no group.'
              : `${plural(ids.length, 'group')}${unmapped > 0 ? `, ${unmapped} of them in no rule` : ''}.`
          }
          {...(fault === null ? {} : { fault })}
        />
        <TextField
          label="App roles (optional)"
          autoComplete="off"
          spellCheck={false}
          placeholder="viewer, auditor"
          value={appRoles}
          onChange={({ target }) => {
            setAppRoles(target.value);
            forget();
          }}
        />
        <div>
          <Button type="submit" aria-disabled={fault !== null || simulate.isPending}>
            {simulate.isPending ? 'Trying…' : 'See the roles'}
          </Button>
        </div>
      </form>
      <div aria-live="polite" className="mt-4">
        {simulate.isError && <ProblemNotice error={simulate.error} />}
        {simulate.data && <SimulatedOutcome label="What they would get" outcome={simulate.data} />}
      </div>
    </Panel>
  );
}
