'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import type { AdministeredSession } from '#contracts';
import { ConfirmDialog } from '../../../../components/confirm-dialog.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { toProblem } from '../../../../lib/problem.ts';
import { endAnySession } from '../api/end-any-session.ts';

export function EndSessionButton({ session }: { session: AdministeredSession }) {
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const close = (): void => setAsking(false);
  const over = (words: string): void => {
    toast.success(words);
    close();
    void queryClient.invalidateQueries({ queryKey: ['admin'] });
  };
  const end = useMutation({
    mutationFn: () => endAnySession(session.id),
    onSuccess: () => over('Session ended.'),
    onError: (error) => {
      if (toProblem(error).code === 'not_found') over('This session was already over.');
    },
  });
  const what = `${session.user.displayName}, ${session.device}`;
  return (
    <>
      <Button
        variant="outline"
        size="sm"
        aria-label={`End the session of ${what}`}
        onClick={() => {
          end.reset();
          setAsking(true);
        }}
      >
        End
      </Button>
      {isAsking && (
        <ConfirmDialog
          title="End this session?"
          action="End session"
          doing="Ending…"
          tone="destructive"
          act={end}
          onClose={close}
        >
          <p>
            {what}. Their open tab is told and closed at once; if it is their last session, the Azure tokens
            are wiped as well. They can sign in again.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
