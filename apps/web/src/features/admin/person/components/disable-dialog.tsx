'use client';

import { useQuery } from '@tanstack/react-query';
import type { PersonDetail } from '#contracts';
import { ConfirmDialog } from '../../../../components/confirm-dialog.tsx';
import { plural } from '../../../../lib/format-time.ts';
import { useMay, useSession } from '../../../../lib/session.ts';
import { sessionsOfPersonQuery } from '../api/list-sessions-of-person.ts';
import { updatePerson } from '../api/update-person.ts';
import { usePersonAct } from '../use-person-act.ts';

export function DisableDialog({ person, onClose }: { person: PersonDetail; onClose: () => void }) {
  const isMe = useSession().user.id === person.id;
  const { data } = useQuery({
    ...sessionsOfPersonQuery(person.id),
    enabled: useMay('sessions.manage'),
  });
  const disable = usePersonAct(person.id, {
    act: () => updatePerson(person.id, { isActive: false }),
    done: () => `${person.displayName} is disabled.`,
    onClose,
  });
  const count = data?.items.length;
  const sessions =
    count === undefined
      ? 'All their sessions end'
      : count === 0
        ? 'They have no session that would end'
        : `${plural(count, 'session')} ${count === 1 ? 'ends' : 'end'}`;
  return (
    <ConfirmDialog
      title={`Disable ${person.displayName}?`}
      action="Disable"
      doing="Disabling…"
      tone="destructive"
      act={disable}
      onClose={onClose}
    >
      <ul className="grid list-disc gap-1 pl-5">
        <li>Sign-in is blocked, whatever Entra says.</li>
        <li>{sessions}; open tabs are told and closed.</li>
        <li>An answer that is being written stops. What arrived is kept.</li>
        <li>Their Azure tokens are wiped.</li>
      </ul>
      <p>Conversations stay. You can enable them again at any time.</p>
      {isMe && (
        <p className="font-medium text-foreground">
          This is you: you are signed out at once, and only another administrator can let you in again.
        </p>
      )}
    </ConfirmDialog>
  );
}
