'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Monitor } from 'lucide-react';
import { toast } from 'sonner';
import type { MySession } from '#contracts';
import { toastProblem } from '../../../components/toast-problem.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { formatDateTime } from '../../../lib/format-time.ts';
import { endSession } from '../api/end-session.ts';
import { mySessionsQuery } from '../api/list-my-sessions.ts';
import { methodNames } from '../describe.ts';

export function MySessionItem({ session }: { session: MySession }) {
  const hasMoved = session.firstAddress !== session.lastAddress;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 rounded-2xl border bg-card p-4 text-sm">
      <Monitor aria-hidden className="mt-0.5 size-5 shrink-0 text-muted-foreground" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{session.device}</span>
          {session.isCurrent && <Badge>This device</Badge>}
          {session.isNewDevice && !session.isCurrent && <Badge>New device</Badge>}
        </p>
        <p className="mt-1 text-muted-foreground">
          Signed in {formatDateTime(session.createdAt)} · {methodNames[session.method]}
        </p>
        <p className="text-muted-foreground wrap-anywhere">
          Last used {formatDateTime(session.lastSeenAt)}
          {session.lastAddress !== null && ` from ${session.lastAddress}`}
          {hasMoved && session.firstAddress !== null && `, first from ${session.firstAddress}`}
        </p>
      </div>
      {!session.isCurrent && <EndSession session={session} />}
    </li>
  );
}

function EndSession({ session }: { session: MySession }) {
  const queryClient = useQueryClient();
  const end = useMutation({
    mutationFn: () => endSession(session.id),
    onSuccess: () => toast.success('Session ended.'),
    onError: (error) => toastProblem(error, 'Not ended'),
    onSettled: () => queryClient.invalidateQueries(mySessionsQuery),
  });
  return (
    <Button
      variant="outline"
      size="sm"
      aria-label={`End the session on ${session.device}`}
      aria-disabled={end.isPending}
      onClick={() => !end.isPending && end.mutate()}
    >
      {end.isPending ? 'Ending…' : 'End session'}
    </Button>
  );
}
