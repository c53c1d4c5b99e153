'use client';

import { ArrowDown } from 'lucide-react';
import { type ReactNode, type RefObject, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { LoadMore, type Pages } from '../../../components/paged-list.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { useStickToBottom } from '../use-stick-to-bottom.ts';

export interface MessageListHandle {
  toEnd: () => void;
}

interface MessageListProps {
  /** Of the shown messages, in order: tells when earlier ones were put in front. */
  ids: readonly string[];
  earlier: Pages;
  children: ReactNode;
  handle: RefObject<MessageListHandle | null>;
}

export function MessageList({ ids, earlier, children, handle }: MessageListProps) {
  const { scroller, content, away, toEnd } = useStickToBottom();
  useImperativeHandle(handle, () => ({ toEnd: () => toEnd() }));
  useKeepPlace(scroller, ids);

  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={scroller}
        aria-label="Messages"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reachable by keyboard.
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain outline-none [overflow-anchor:none] focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset"
      >
        <div ref={content} className="mx-auto flex w-full max-w-3xl flex-col gap-3 px-4 py-6">
          <LoadMore
            of={earlier}
            label="Show earlier messages"
            loadingLabel="Loading earlier messages…"
            scroller={scroller}
          />
          {children}
        </div>
      </section>
      {away && (
        <Button
          variant="outline"
          size="sm"
          shape="pill"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 animate-appear shadow-md"
          onClick={() => toEnd('smooth')}
        >
          <ArrowDown /> Jump to latest
        </Button>
      )}
    </div>
  );
}

/** What is put in front must not push away what is being read. */
function useKeepPlace(scroller: RefObject<HTMLElement | null>, ids: readonly string[]): void {
  const before = useRef({ first: ids[0], height: 0 });
  useLayoutEffect(() => {
    const view = scroller.current;
    if (view === null) return;
    const { first, height } = before.current;
    const grownInFront = first !== undefined && first !== ids[0] && ids.includes(first);
    if (grownInFront) view.scrollBy({ top: view.scrollHeight - height, behavior: 'instant' });
    before.current = { first: ids[0], height: view.scrollHeight };
  });
}
