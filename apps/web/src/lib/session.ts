import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { AzureToken, ErrorCode, Permission, SessionAnswer } from '#contracts';
import { fetchSession, forgetCsrfToken, rememberCsrfToken } from './api.ts';

import { ApiProblem, endsSession } from './problem.ts';
import { forgetKept } from './tab-storage.ts';
import { createValueStore } from './value-store.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => fetchSession(signal),
  staleTime: 60_000,
  gcTime: Infinity,
  refetchOnWindowFocus: true,
});

/** Why the session that this page was using is over; null while it lasts. */
export const sessionEnd = createValueStore<ErrorCode | null>(null);

/** Signed out here, although the server could not be told. */
export const signedOutHere = createValueStore(false);

/** Given by the session gate. What is below it keeps its session until the gate takes it away, also while signing out. */
export const SessionContext = createContext<SessionAnswer | null>(null);

/** For screens behind the session gate, which shows them only once there is a session. */
export function useSession(): SessionAnswer {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession needs the session gate above it');
  return session;
}

export function useMay(permission: Permission): boolean {
  return useSession().user.permissions.includes(permission);
}

export function adoptSession(queryClient: QueryClient, answer: SessionAnswer): void {
  sessionEnd.set(null);
  queryClient.setQueryData(sessionQuery.queryKey, rememberCsrfToken(answer));
}

export function adoptAzureToken(queryClient: QueryClient, azureToken: AzureToken): void {
  queryClient.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, azureToken });
}

/** A failure that means the session is over is told once, wherever it shows first. */
export function noticeSessionEnd(queryClient: QueryClient, error: unknown): void {
  if (!(error instanceof ApiProblem) || !endsSession(error.problem.code)) return;
  if (queryClient.getQueryData(sessionQuery.queryKey) !== undefined) sessionEnd.set(error.problem.code);
}

/** Everything of the person that this page holds, whether or not the server could be told. */
export function forgetPerson(queryClient: QueryClient): void {
  forgetCsrfToken();
  forgetKept();
  queryClient.clear();
}
