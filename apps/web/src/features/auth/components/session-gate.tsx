'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';
import { toast } from 'sonner';
import type { SessionAnswer } from '#contracts';
import { Brand } from '../../../components/brand.tsx';
import { ProblemNotice } from '../../../components/problem-notice.tsx';
import { takeConfirmation } from '../../../lib/confirmation.ts';
import { endsSession, toProblem } from '../../../lib/problem.ts';
import { currentPath, signInPath } from '../../../lib/return-path.ts';
import { SessionContext, sessionQuery } from '../../../lib/session.ts';
import { SessionEndedDialog } from './session-ended-dialog.tsx';
import { StepUpDialog } from './step-up-dialog.tsx';

/** Shows its children to somebody who is signed in, and leads everybody else to the sign-in page. */
export function SessionGate({ loading, children }: { loading: ReactNode; children: ReactNode }) {
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const code = session.data === undefined && session.isError ? toProblem(session.error).code : null;
  const turnedAway = code !== null && endsSession(code);
  useReloadForSomebodyElse(session.data?.user.id);
  useReloadFromBackForwardCache();
  useSayConfirmed(session.data?.session);

  useEffect(() => {
    if (turnedAway)
      router.replace(signInPath(currentPath(), code === 'not_authenticated' ? undefined : code));
  }, [turnedAway, code, router]);

  if (session.data !== undefined) {
    return (
      <SessionContext value={session.data}>
        {children}
        <StepUpDialog />
        <SessionEndedDialog />
      </SessionContext>
    );
  }
  if (code !== null && !turnedAway) {
    return (
      <main className="mx-auto grid min-h-dvh max-w-md content-center gap-6 p-4">
        <Brand />
        <ProblemNotice error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  return loading;
}

/** Another person signed in from another tab: nothing of the first one may stay on this page. */
function useReloadForSomebodyElse(userId: string | undefined): void {
  const first = useRef(userId);
  useEffect(() => {
    first.current ??= userId;
    if (userId !== undefined && userId !== first.current) window.location.reload();
  }, [userId]);
}

/** The Back button after signing out can bring back a frozen copy of the page. */
function useReloadFromBackForwardCache(): void {
  useEffect(() => {
    const onShow = (event: PageTransitionEvent): void => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener('pageshow', onShow);
    return () => window.removeEventListener('pageshow', onShow);
  }, []);
}

/** Back from Microsoft: only said, never done in the person's name. */
function useSayConfirmed(session: SessionAnswer['session'] | undefined): void {
  const asked = useRef(false);
  useEffect(() => {
    if (session === undefined || asked.current) return;
    asked.current = true;
    if (takeConfirmation('step-up', session)) toast.success('Confirmed. You can go on.');
  }, [session]);
}
