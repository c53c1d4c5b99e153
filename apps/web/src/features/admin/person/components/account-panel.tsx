'use client';

import { Trash2, UserCheck, UserX } from 'lucide-react';
import { useState } from 'react';
import type { PersonDetail } from '#contracts';
import { Panel } from '../../../../components/panel.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { updatePerson } from '../api/update-person.ts';
import { usePersonAct } from '../use-person-act.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { DisableDialog } from './disable-dialog.tsx';
import { toProblem } from '../../../../lib/problem.ts';

/** Whether somebody may be here at all. */
export function AccountPanel({ person }: { person: PersonDetail }) {
  const [asking, setAsking] = useState<'disable' | 'delete' | null>(null);
  const close = (): void => setAsking(null);
  const enable = usePersonAct(person.id, {
    act: () => updatePerson(person.id, { isActive: true }),
    done: () => `${person.displayName} may sign in again.`,
  });
  return (
    <Panel
      title="Account"
      about={
        person.isActive
          ? 'Disabling keeps everything and locks the door. Deleting removes them and their conversations.'
          : 'Disabled: sign-in is blocked. Their conversations are kept.'
      }
    >
      <div className="flex flex-wrap gap-2">
        {person.isActive ? (
          <Button variant="outline" onClick={() => setAsking('disable')}>
            <UserX /> Disable
          </Button>
        ) : (
          <Button
            variant="outline"
            aria-disabled={enable.isPending}
            onClick={() => !enable.isPending && enable.mutate()}
          >
            <UserCheck /> {enable.isPending ? 'Enabling…' : 'Enable'}
          </Button>
        )}
        <Button variant="outline" className="text-destructive" onClick={() => setAsking('delete')}>
          <Trash2 /> Delete
        </Button>
      </div>
      {enable.isError && (
        <p role="alert" className="mt-2 text-destructive">
          Not enabled: {toProblem(enable.error).title}. {toProblem(enable.error).detail}
        </p>
      )}
      {asking === 'disable' && <DisableDialog person={person} onClose={close} />}
      {asking === 'delete' && <DeleteDialog person={person} onClose={close} />}
    </Panel>
  );
}
