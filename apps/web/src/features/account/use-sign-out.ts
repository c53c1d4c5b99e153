import { useMutation, useQueryClient } from '@tanstack/react-query';
import { leaveFarewell } from '../../lib/farewell.ts';
import { toProblem, endsSession } from '../../lib/problem.ts';
import { forgetPerson, signedOutHere } from '../../lib/session.ts';
import { signOut } from './api/sign-out.ts';

/** Ends the session on the server, and here in any case: what this page holds goes even when the server is away. */
export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation({
    /** Where to go; null when the server has not confirmed it, and may not have a page for us either. */
    mutationFn: async (): Promise<string | null> => {
      try {
        return leadsToWeb(await signOut());
      } catch (error) {
        return endsSession(toProblem(error).code) ? '/login' : null;
      }
    },
    onSuccess: (next) => {
      if (next === null) signedOutHere.set(true);
      forgetPerson(queryClient);
      if (next === null) {
        // The address may name a conversation.
        window.history.replaceState(null, '', '/');
        return;
      }
      leaveFarewell();
      window.location.replace(next);
    },
  });
}

/** The address comes from our server, but a `javascript:` one would run here: only the web is followed. */
function leadsToWeb(address: string): string {
  if (!URL.canParse(address, window.location.origin)) return '/login';
  const { protocol, href } = new URL(address, window.location.origin);
  return protocol === 'https:' || protocol === 'http:' ? href : '/login';
}
