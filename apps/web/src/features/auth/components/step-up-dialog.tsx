'use client';

import {
  AlertDialog,
  AlertDialogAction,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogTitle,
} from '../../../components/ui/alert-dialog.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { leaveToConfirm } from '../../../lib/confirmation.ts';
import { problemOf } from '../../../lib/problem.ts';
import { useSession } from '../../../lib/session.ts';
import { stepUpAsked } from '../../../lib/step-up.ts';
import { useValue } from '../../../lib/value-store.ts';

/** Opened by any act that needs a recent sign-in: see lib/step-up.ts. */
export function StepUpDialog() {
  const open = useValue(stepUpAsked);
  const { session } = useSession();
  const { title, detail } = problemOf('step_up_required');
  return (
    <AlertDialog open={open} onOpenChange={(next) => stepUpAsked.set(next)}>
      <AlertDialogContent>
        <AlertDialogTitle>{title}</AlertDialogTitle>
        <AlertDialogDescription>
          {detail} Nothing has been changed yet: you decide again when you are back.
        </AlertDialogDescription>
        <AlertDialogFooter>
          <AlertDialogCancel asChild>
            <Button variant="outline">Not now</Button>
          </AlertDialogCancel>
          <AlertDialogAction asChild>
            <Button
              onClick={(event) => {
                // The page is on its way out: closed now, it would flash what is behind it.
                event.preventDefault();
                leaveToConfirm('step-up', session);
              }}
            >
              Sign in once more
            </Button>
          </AlertDialogAction>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
