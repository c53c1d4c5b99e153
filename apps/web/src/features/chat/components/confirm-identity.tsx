'use client';

import { LogIn } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../../components/ui/button.tsx';
import { Notice } from '../../../components/ui/notice.tsx';
import { leaveToConfirm } from '../../../lib/confirmation.ts';
import { useSession } from '../../../lib/session.ts';
import { forgetRound, isLastRound, keepRound, readRound } from '../confirm-round.ts';

/** What was refused: by its conversation, and the answer that failed, if the message had got as far as that. */
export interface Refused {
  place: string;
  answerId: string | null;
}

interface ConfirmRefusedProps {
  refused: Refused;
  title: string;
  detail: string;
  /** The other things one can do. */
  children: ReactNode;
}

/** Azure refused the message: it is sent again by itself once the person is back from Microsoft. */
export function ConfirmRefused({ refused, title, detail, children }: ConfirmRefusedProps) {
  const { session } = useSession();
  const leave = (): void => {
    keepRound(refused.place, refused.answerId);
    leaveToConfirm('azure', session);
  };
  if (isLastRound(readRound(refused.place))) {
    return (
      <Notice
        tone="error"
        title="Azure still does not accept your sign-in"
        actions={
          <>
            {children}
            <Button
              variant="ghost"
              size="sm"
              onClick={() => {
                forgetRound(refused.place);
                leave();
              }}
            >
              Sign in once more
            </Button>
          </>
        }
      >
        You confirmed twice that it is you, and Azure asks again. A rule of your organisation may not be met
        here: it can want a managed device, or another network. Your message is kept. Ask your administrator.
      </Notice>
    );
  }
  return (
    <Notice
      tone="warning"
      title={title}
      actions={
        <>
          <Button size="sm" onClick={leave}>
            <LogIn /> Confirm and send again
          </Button>
          {children}
        </>
      }
    >
      {detail}
    </Notice>
  );
}

/** Before the next message is refused. */
export function ConfirmBeforeNext() {
  const { azureToken, session } = useSession();
  if (azureToken.status !== 'needs_interaction') return null;
  return (
    <Notice
      tone="warning"
      announce="politely"
      title="Azure needs you to confirm it’s you before your next message"
      className="mb-3"
      actions={
        <Button size="sm" onClick={() => leaveToConfirm('azure', session)}>
          <LogIn /> Confirm it’s you
        </Button>
      }
    >
      Sign in once more at Microsoft. You come back to this conversation, and what you have written stays.
    </Notice>
  );
}
