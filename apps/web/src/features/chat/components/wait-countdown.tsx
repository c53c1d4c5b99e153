'use client';

import { useState } from 'react';
import { formatCountdown, sayCountdown } from '../../../lib/format-time.ts';
import { useNow } from '../../../lib/use-now.ts';

/** Milliseconds left of a wait that began when this was first shown, or when it was told, for an older failure. */
export function useWait(retryAfterSeconds: number | undefined, since: string): number {
  const wait = (retryAfterSeconds ?? 0) * 1000;
  const [until] = useState(() => {
    if (wait === 0) return 0;
    const longPast = Date.now() - Date.parse(since) > wait + 60_000;
    return longPast ? 0 : Date.now() + wait;
  });
  const now = useNow(1000, wait > 0);
  return Math.max(0, Math.min(wait, until - now));
}

export function WaitCountdown({ left }: { left: number }) {
  if (left === 0) return null;
  return (
    <p role="timer" aria-label={`You can try again in ${sayCountdown(left)}`} className="mt-1 tabular-nums">
      You can try again in {formatCountdown(left)}.
    </p>
  );
}
