'use client';

import { WifiOff } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useLinkState } from '../live/chat-link.tsx';

function subscribeToNetwork(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Shown only when the connection has been away for a moment: most interruptions heal unseen. */
export function LinkBanner() {
  const lost = useLinkState() === 'lost';
  const online = useSyncExternalStore(
    subscribeToNetwork,
    () => navigator.onLine,
    () => true,
  );
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!lost) return;
    const timer = setTimeout(() => setShown(true), 1500);
    return () => {
      clearTimeout(timer);
      setShown(false);
    };
  }, [lost]);
  const visible = shown || !online;
  return (
    <output className="block">
      {visible && (
        <span className="flex items-center justify-center gap-2 border-b border-warning/35 bg-warning-surface px-4 py-2 text-sm">
          <WifiOff className="size-4 shrink-0 text-warning" aria-hidden />
          {online
            ? 'The live connection is lost. Reconnecting… You can keep writing.'
            : 'You are offline. Nothing you write is lost.'}
        </span>
      )}
    </output>
  );
}
