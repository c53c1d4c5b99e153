'use client';

import type { InfiniteQueryObserverResult } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { type RefObject, useEffect, useRef } from 'react';
import { ProblemNotice } from './problem-notice.tsx';
import { Button } from './ui/button.tsx';

/** What TanStack Query says of a list that comes page by page. */
export type Pages = Pick<
  InfiniteQueryObserverResult,
  'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'isPlaceholderData' | 'fetchNextPage'
>;

interface LoadMoreProps {
  of: Pages;
  label: string;
  loadingLabel: string;
  /** What scrolls; the window when left out. */
  scroller?: RefObject<HTMLElement | null>;
  className?: string;
}

/**
 * Loads the next page by itself when the end comes near the view; the button is for those who come by keyboard, and for
 * another try after a failure. Nothing when there is no more, or when the list shown is not yet the one asked for.
 */
export function LoadMore({ of: pages, label, loadingLabel, scroller, className }: LoadMoreProps) {
  const { fetchNextPage, isFetchingNextPage: loading, isFetchNextPageError: failed } = pages;
  const shown = pages.hasNextPage && !pages.isPlaceholderData;
  const marker = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (marker.current === null || !shown || loading || failed) return;
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting === true && void fetchNextPage(),
      { root: scroller?.current ?? null, rootMargin: '300px 0px' },
    );
    observer.observe(marker.current);
    return () => observer.disconnect();
  }, [scroller, shown, loading, failed, fetchNextPage]);
  if (!shown) return null;
  return (
    <div ref={marker} className={clsx('flex justify-center', className)}>
      <Button
        variant="ghost"
        size="sm"
        aria-disabled={loading}
        onClick={() => !loading && void fetchNextPage()}
      >
        {loading ? loadingLabel : failed ? 'Not loaded. Try again' : label}
      </Button>
    </div>
  );
}

interface ListProblemProps {
  of: Pick<InfiniteQueryObserverResult, 'isError' | 'isFetchNextPageError' | 'error' | 'refetch'>;
  className?: string;
}

/** Why the list could not be loaded. A next page that failed is the matter of `LoadMore`. */
export function ListProblem({
  of: { isError, isFetchNextPageError, error, refetch },
  className,
}: ListProblemProps) {
  if (!isError || isFetchNextPageError) return null;
  return <ProblemNotice error={error} onRetry={() => void refetch()} className={className} />;
}
