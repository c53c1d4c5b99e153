'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { toast } from 'sonner';
import { toastProblem } from '../../../components/toast-problem.ts';
import { ProblemNotice } from '../../../components/problem-notice.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { plural } from '../../../lib/format-time.ts';
import { endOtherSessions } from '../api/end-other-sessions.ts';
import { mySessionsQuery } from '../api/list-my-sessions.ts';
import { MySessionItem } from './my-session-item.tsx';

export function MySessions() {
  const { data, error, refetch } = useQuery(mySessionsQuery);
  if (data === undefined) {
    return error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <MySessionsSkeleton />;
  }
  const others = data.items.filter(({ isCurrent }) => !isCurrent).length;
  return (
    <div className="grid gap-4">
      <ul aria-label="Sessions" className="grid gap-3">
        {data.items.map((session) => (
          <MySessionItem key={session.id} session={session} />
        ))}
      </ul>
      {others > 0 ? (
        <EndOthers count={others} />
      ) : (
        <p className="text-sm text-muted-foreground">You are signed in nowhere else.</p>
      )}
    </div>
  );
}

function EndOthers({ count }: { count: number }) {
  const queryClient = useQueryClient();
  const endAll = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: (ended) => toast.success(`${plural(ended, 'session')} ended.`),
    onError: (error) => toastProblem(error, 'Not ended'),
    onSettled: () => queryClient.invalidateQueries(mySessionsQuery),
  });
  return (
    <div>
      <Button
        variant="outline"
        aria-disabled={endAll.isPending}
        onClick={() => !endAll.isPending && endAll.mutate()}
      >
        <LogOut />{' '}
        {endAll.isPending ? 'Ending…' : `End ${count === 1 ? 'the other session' : `all ${count} others`}`}
      </Button>
    </div>
  );
}

function MySessionsSkeleton() {
  return (
    <section aria-label="Loading your sessions" aria-busy className="grid gap-3">
      {['first', 'second'].map((item) => (
        <Skeleton key={item} shape="rounded-2xl" className="h-28" />
      ))}
    </section>
  );
}
