import { useMutation, useQueryClient } from '@tanstack/react-query';
import { leaveFarewell } from '../../lib/farewell.ts';
import { toProblem, endsSession } from '../../lib/problem.ts';
import { forgetPerson } from '../../lib/session.ts';
import { signOut } from './api/sign-out.ts';

/** Ends the session on the server, and here in any case: what is on this screen goes even when the server is away. */
export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (): Promise<{ confirmed: boolean; next: string }> => {
      try {
        return { confirmed: true, next: leadsToWeb(await signOut()) };
      } catch (error) {
        return { confirmed: endsSession(toProblem(error).code), next: '/login' };
      }
    },
    onSuccess: ({ confirmed, next }) => {
      forgetPerson(queryClient);
      leaveFarewell(confirmed ? 'signed_out' : 'sign_out_unconfirmed');
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
