import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { BeginDevice, Problem } from '#contracts';
import { problemOf, toProblem } from '../../lib/problem.ts';
import { adoptSession } from '../../lib/session.ts';
import { useNow } from '../../lib/use-now.ts';
import { beginDevice } from './api/begin-device.ts';
import { cancelDevice } from './api/cancel-device.ts';
import { completeDevice } from './api/complete-device.ts';
import { getDeviceStatus } from './api/get-device-status.ts';
import { devicePhase } from './device-phase.ts';

/** One device-code sign-in from its beginning to the session: begin, poll at the given interval, complete once. */
export function useDeviceSignIn(choice: Required<BeginDevice>, onSignedIn: () => void) {
  const queryClient = useQueryClient();
  const begin = useMutation({ mutationFn: () => beginDevice(choice) });
  const complete = useMutation({
    mutationFn: completeDevice,
    onSuccess: (answer) => {
      adoptSession(queryClient, answer);
      onSignedIn();
    },
  });
  const attempt = begin.data;
  const now = useNow(1000, attempt !== undefined && complete.isIdle);
  const status = useQuery({
    queryKey: ['device-sign-in', attempt?.attemptId],
    queryFn: ({ signal }) => getDeviceStatus(attempt?.attemptId ?? '', signal),
    enabled: attempt !== undefined && complete.isIdle,
    gcTime: 0,
    staleTime: Infinity,
    refetchIntervalInBackground: true,
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.status === 'pending'
        ? (attempt?.intervalSeconds ?? 5) * 1000
        : false,
  });
  // The server forgets an attempt some time after its end.
  const gone = status.isError && toProblem(status.error).code === 'not_found';
  const phase = attempt && devicePhase(gone ? { status: 'expired' } : status.data, attempt.expiresAt, now);

  const { mutate: beginNow, reset: resetBegin } = begin;
  const { mutate: completeNow, reset: resetComplete } = complete;
  const begun = useRef(false);
  useEffect(() => {
    // Once, also where React runs effects twice in development: each call creates a code at Microsoft.
    if (!begun.current) beginNow();
    begun.current = true;
  }, [beginNow]);

  const approvedId = phase?.name === 'approved' ? attempt?.attemptId : undefined;
  useEffect(() => {
    if (approvedId !== undefined) completeNow(approvedId);
  }, [approvedId, completeNow]);

  const startOver = (): void => {
    if (attempt !== undefined && phase?.name === 'waiting')
      void cancelDevice(attempt.attemptId).catch(() => {});
    resetComplete();
    resetBegin();
    beginNow();
  };
  const cancel = (): void => {
    // The code dies by itself when this call does not arrive.
    if (attempt !== undefined && !complete.isSuccess) void cancelDevice(attempt.attemptId).catch(() => {});
  };

  return {
    attempt,
    phase,
    remaining: attempt ? Date.parse(attempt.expiresAt) - now : 0,
    problem: problemNow(begin.error ?? complete.error, phase),
    unreachable: status.isError,
    startOver,
    cancel,
  };
}

function problemNow(error: Error | null, phase: ReturnType<typeof devicePhase> | undefined): Problem | null {
  if (error !== null) return toProblem(error);
  return phase?.name === 'ended' ? problemOf(phase.code) : null;
}
