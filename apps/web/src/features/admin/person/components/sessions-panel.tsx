'use client';

import { useQuery } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import type { PersonDetail } from '#contracts';
import { ConfirmDialog } from '../../../../components/confirm-dialog.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { plural } from '../../../../lib/format-time.ts';
import { useSession } from '../../../../lib/session.ts';
import { SessionsTable } from '../../sessions/components/sessions-table.tsx';
import { endSessionsOfPerson } from '../api/end-sessions-of-person.ts';
import { sessionsOfPersonQuery } from '../api/list-sessions-of-person.ts';
import { usePersonAct } from '../use-person-act.ts';

export function SessionsPanel({ person }: { person: PersonDetail }) {
  const { data, error, refetch } = useQuery(sessionsOfPersonQuery(person.id));
  const [isAsking, setAsking] = useState(false);
  const isMe = useSession().user.id === person.id;
  const close = (): void => setAsking(false);
  const endAll = usePersonAct(person.id, {
    act: () => endSessionsOfPerson(person.id),
    done: (ended) => `${plural(ended, 'session')} ended.`,
    onClose: close,
  });
  const sessions = data?.items ?? [];
  return (
    <Panel
      title="Sessions"
      about="Where they are signed in, the one last used first."
      actions={
        sessions.length > 0 && (
          <Button
            variant="outline"
            size="sm"
            onClick={() => {
              endAll.reset();
              setAsking(true);
            }}
          >
            <LogOut /> End all sessions
          </Button>
        )
      }
    >
      {error && data === undefined && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!error && data === undefined && <Skeleton aria-hidden className="h-16" shape="rounded-2xl" />}
      {data !== undefined && sessions.length === 0 && (
        <p className="text-muted-foreground">They are not signed in anywhere.</p>
      )}
      {sessions.length > 0 && (
        <SessionsTable sessions={sessions} label={`Sessions of ${person.displayName}`} />
      )}
      {isAsking && (
        <ConfirmDialog
          title={`End all sessions of ${person.displayName}?`}
          action="End all sessions"
          doing="Ending…"
          tone="destructive"
          act={endAll}
          onClose={close}
        >
          <p>
            {plural(sessions.length, 'session')} {sessions.length === 1 ? 'ends' : 'end'} at once: open tabs
            are told and closed, and the Azure tokens are wiped. They can sign in again.
          </p>
          {isMe && <p>This is you: you are signed out as well.</p>}
        </ConfirmDialog>
      )}
    </Panel>
  );
}
