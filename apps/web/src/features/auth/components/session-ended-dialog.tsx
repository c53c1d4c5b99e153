'use client';

import {
  AlertDialog,
  AlertDialogAction,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogTitle,
} from '../../../components/ui/alert-dialog.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { problemOf } from '../../../lib/problem.ts';
import { currentPath, signInPath } from '../../../lib/return-path.ts';
import { sessionEnd } from '../../../lib/session.ts';
import { useValue } from '../../../lib/value-store.ts';

/** In front of the page rather than instead of it, so that nobody loses sight of what they were writing. */
export function SessionEndedDialog() {
  const code = useValue(sessionEnd);
  if (code === null) return null;
  const { title, detail } = problemOf(code);
  return (
    <AlertDialog open>
      <AlertDialogContent onEscapeKeyDown={(event) => event.preventDefault()}>
        <AlertDialogTitle>{title}</AlertDialogTitle>
        <AlertDialogDescription>
          {detail} What you were writing is kept in this tab until you are back.
        </AlertDialogDescription>
        <AlertDialogFooter>
          <AlertDialogAction asChild>
            <Button onClick={() => window.location.assign(signInPath(currentPath(), code))}>
              Sign in again
            </Button>
          </AlertDialogAction>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
