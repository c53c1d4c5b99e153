'use client';

import { useState } from 'react';
import type { OutgoingMessage } from '../live/outgoing.ts';
import { Failure } from './failure.tsx';
import { UserBubble } from './user-message.tsx';

interface OutgoingProps {
  place: string;
  message: OutgoingMessage;
  onRetry: () => void;
  onEdit: () => void;
}

/** A message that the server has not confirmed: on its way, or refused. */
export function Outgoing({ place, message: { content, problem }, onRetry, onEdit }: OutgoingProps) {
  const [since] = useState(() => new Date().toISOString());
  return (
    <>
      <UserBubble text={content} dimmed={problem === null}>
        {problem === null && <span className="text-xs text-muted-foreground">Sending…</span>}
      </UserBubble>
      {problem !== null && (
        <div role="alert">
          <p className="sr-only">Your message was not sent.</p>
          <Failure
            key={problem.requestId}
            error={problem}
            refused={{ place, answerId: null }}
            since={since}
            onRetry={onRetry}
            onEdit={onEdit}
          />
        </div>
      )}
    </>
  );
}
