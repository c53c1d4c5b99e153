'use client';

import { useRouter } from 'next/navigation';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import type { PersonDetail } from '#contracts';
import { ConfirmDialog } from '../../../../components/confirm-dialog.tsx';
import { toProblem } from '../../../../lib/problem.ts';
import { useSession } from '../../../../lib/session.ts';
import { needsStepUp } from '../../../../lib/step-up.ts';
import { deletePerson } from '../api/delete-person.ts';
import { personQuery } from '../api/get-person.ts';
import { typedConfirmation } from '../describe-person.ts';

export function DeleteDialog({ person, onClose }: { person: PersonDetail; onClose: () => void }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const isMe = useSession().user.id === person.id;
  const leave = (words: string): void => {
    toast.success(words);
    router.replace('/admin/people');
    // Their data goes; asked for again, it would be a 404 on a page that is closing.
    queryClient.removeQueries({ queryKey: personQuery(person.id).queryKey });
    void queryClient.invalidateQueries({ queryKey: ['admin'] });
  };
  const remove = useMutation({
    mutationFn: () => deletePerson(person.id),
    onSuccess: () => leave(`${person.displayName} is deleted.`),
    onError: (error) => {
      if (needsStepUp(error)) onClose();
      else if (toProblem(error).code === 'not_found') leave(`${person.displayName} was already deleted.`);
    },
  });
  return (
    <ConfirmDialog
      title={`Delete ${person.displayName}?`}
      action="Delete for good"
      doing="Deleting…"
      tone="destructive"
      typed={typedConfirmation(person)}
      act={remove}
      onClose={onClose}
    >
      <p>
        Their profile, sessions, Azure tokens and all conversations are deleted, and cannot be brought back.
        The audit log keeps their name and what they did.
      </p>
      <p>
        Deleting is no ban: if Entra still gives them a role, they can sign in again as somebody new. To keep
        them out, disable them.
      </p>
      {isMe && <p className="font-medium text-foreground">This is you: you are signed out at once.</p>}
    </ConfirmDialog>
  );
}
