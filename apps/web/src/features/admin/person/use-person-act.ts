import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import type { PersonDetail } from '#contracts';
import { needsStepUp } from '../../../lib/step-up.ts';
import { sessionQuery } from '../../../lib/session.ts';
import { personQuery } from './api/get-person.ts';

interface PersonAct<Answer> {
  act: () => Promise<Answer>;
  /** Said when it is done. */
  done: (answer: Answer) => string;
  onClose?: () => void;
}

/**
 * Something an administrator does to a person. Nothing is shown before the server has said yes; then whatever the
 * administration shows is read anew, since one act can change people, sessions, the log and the overview. A dialog makes
 * room for the step-up dialog where a recent sign-in is needed.
 */
export function usePersonAct<Answer>(id: string, { act, done, onClose }: PersonAct<Answer>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (answer) => {
      toast.success(done(answer));
      onClose?.();
      const person = answer as PersonDetail | undefined | number;
      if (typeof person === 'object') queryClient.setQueryData(personQuery(id).queryKey, person);
      // Also one's own rights, when one has acted on oneself.
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['admin'] }),
        queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ]);
    },
    onError: (error) => {
      if (needsStepUp(error)) onClose?.();
    },
  });
}
