'use client';

import { type ReactNode, useState } from 'react';
import { needsStepUp } from '../lib/step-up.ts';
import { ProblemNotice } from './problem-notice.tsx';
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogTitle,
} from './ui/alert-dialog.tsx';
import { Button } from './ui/button.tsx';
import { TextField } from './ui/field.tsx';

interface ConfirmDialogProps {
  title: string;
  /** What will happen, in full sentences. */
  children: ReactNode;
  action: string;
  /** While it happens: "Deleting…". */
  doing: string;
  tone?: 'default' | 'destructive';
  /** Must be typed before the act is open. */
  typed?: string;
  act: { mutate: () => void; isPending: boolean; error: unknown };
  onClose: () => void;
}

/** Says beforehand what an act does, and afterwards why it was refused. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, action, doing, tone = 'default', typed, act, onClose } = props;
  const [text, setText] = useState('');
  // There is no trigger that would get the focus back by itself.
  const [opener] = useState(() => document.activeElement);
  const returnFocus = (event: Event): void => {
    event.preventDefault();
    const place = opener?.isConnected ? opener : document.getElementById('content');
    if (place instanceof HTMLElement) place.focus();
  };
  const isOpen = typed === undefined || text.trim() === typed;
  const confirm = (): void => {
    if (isOpen && !act.isPending) act.mutate();
  };
  return (
    <AlertDialog open onOpenChange={(open) => !open && !act.isPending && onClose()}>
      <AlertDialogContent onCloseAutoFocus={returnFocus}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            confirm();
          }}
        >
          <AlertDialogTitle>{title}</AlertDialogTitle>
          <AlertDialogDescription asChild>
            <div className="grid gap-2">{children}</div>
          </AlertDialogDescription>
          {typed !== undefined && (
            <TextField
              label={`Type “${typed}” to confirm`}
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
          {act.error !== null && !needsStepUp(act.error) && <ProblemNotice error={act.error} />}
          <AlertDialogFooter>
            <AlertDialogCancel asChild>
              <Button variant="outline" type="button">
                Cancel
              </Button>
            </AlertDialogCancel>
            <Button type="submit" variant={tone} aria-disabled={!isOpen || act.isPending}>
              {act.isPending ? doing : action}
            </Button>
          </AlertDialogFooter>
        </form>
      </AlertDialogContent>
    </AlertDialog>
  );
}
