'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { Button } from './ui/button.tsx';

interface LoadMoreProps {
  label: string;
  loadingLabel: string;
  loading: boolean;
  /** The last try failed: then only the button tries again. */
  failed: boolean;
  /** Must stay the same function, or it is observed anew each time. */
  load: () => void;
  /** What scrolls; the window when left out. */
  scroller?: RefObject<HTMLElement | null>;
}

/** Loads by itself when it comes near the view; the button is for those who come by keyboard, and for a retry. */
export function LoadMore({ label, loadingLabel, loading, failed, load, scroller }: LoadMoreProps) {
  const marker = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (marker.current === null || loading || failed) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && load(), {
      root: scroller?.current ?? null,
      rootMargin: '300px 0px',
    });
    observer.observe(marker.current);
    return () => observer.disconnect();
  }, [scroller, loading, failed, load]);
  return (
    <div ref={marker} className="flex justify-center">
      <Button variant="ghost" size="sm" aria-disabled={loading} onClick={() => !loading && load()}>
        {loading ? loadingLabel : failed ? 'Not loaded. Try again' : label}
      </Button>
    </div>
  );
}
