'use client';

import { LogIn, RotateCw } from 'lucide-react';
import type { MessageError } from '#contracts';
import { Button } from '../../../components/ui/button.tsx';
import { Notice } from '../../../components/ui/notice.tsx';
import { currentPath, signInPath } from '../../../lib/return-path.ts';
import { describeFilter, nextStep } from '../next-step.ts';
import { ConfirmRefused, type Refused } from './confirm-identity.tsx';
import { WaitCountdown, useWait } from './wait-countdown.tsx';

interface FailureProps {
  error: MessageError & { requestId?: string };
  refused: Refused;
  since: string;
  onRetry: (() => void) | null;
  onEdit?: (() => void) | null;
}

/** What went wrong in the words of the error table, and the one thing that helps. */
export function Failure({ error, refused, since, onRetry, onEdit }: FailureProps) {
  const left = useWait(error.retryAfterSeconds, since);
  const step = nextStep(error.code);
  const otherSteps = (
    <>
      {step !== 'none' && step !== 'edit' && onRetry !== null && (
        <Button
          variant={step === 'retry' ? 'outline' : 'ghost'}
          size="sm"
          disabled={left > 0}
          onClick={onRetry}
        >
          <RotateCw /> Try again
        </Button>
      )}
      {onEdit != null && (
        <Button variant={step === 'edit' ? 'outline' : 'ghost'} size="sm" onClick={onEdit}>
          Edit message
        </Button>
      )}
    </>
  );
  // Nothing may be written just now: then there is nothing to send again either.
  if (step === 'confirm' && onRetry !== null) {
    return (
      <ConfirmRefused refused={refused} title={error.title} detail={error.detail}>
        {otherSteps}
      </ConfirmRefused>
    );
  }
  return (
    <Notice
      tone="error"
      title={error.title}
      actions={
        <>
          {step === 'sign-in' && (
            <Button asChild size="sm">
              <a href={signInPath(currentPath(), error.code)}>
                <LogIn /> Sign in again
              </a>
            </Button>
          )}
          {otherSteps}
        </>
      }
    >
      {error.detail}
      {error.filter !== undefined && <p className="mt-1">{describeFilter(error.filter)}</p>}
      {error.code === 'internal' && error.requestId && (
        <p className="mt-1 text-xs wrap-anywhere">Request id: {error.requestId}</p>
      )}
      <WaitCountdown left={left} />
    </Notice>
  );
}
