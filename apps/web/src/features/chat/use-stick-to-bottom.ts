import { useCallback, useEffect, useRef, useState } from 'react';

const nearEnough = 32;

/**
 * Keeps the end in view while the reader is there, and leaves a reader alone who has scrolled away: any movement
 * upwards lets go, reaching the end takes hold again.
 */
export function useStickToBottom() {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [away, setAway] = useState(false);

  const toEnd = useCallback((behavior: ScrollBehavior = 'instant') => {
    stuck.current = true;
    setAway(false);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior });
  }, []);

  useEffect(() => {
    const view = scroller.current;
    const inner = content.current;
    if (view === null || inner === null) return;
    let last = view.scrollTop;
    const distance = (): number => view.scrollHeight - view.clientHeight - view.scrollTop;
    const onScroll = (): void => {
      if (distance() <= nearEnough) stuck.current = true;
      else if (view.scrollTop < last - 1) stuck.current = false;
      last = view.scrollTop;
      setAway(!stuck.current && distance() > 160);
    };
    const onWheel = (event: WheelEvent): void => {
      // Before the scroll event: otherwise the next delta would pull the reader back first.
      if (event.deltaY < 0 && distance() > 0) stuck.current = false;
    };
    const observer = new ResizeObserver(() => {
      if (stuck.current) view.scrollTop = view.scrollHeight;
      else onScroll();
      last = view.scrollTop;
    });
    observer.observe(inner);
    observer.observe(view);
    view.addEventListener('scroll', onScroll, { passive: true });
    view.addEventListener('wheel', onWheel, { passive: true });
    return () => {
      observer.disconnect();
      view.removeEventListener('scroll', onScroll);
      view.removeEventListener('wheel', onWheel);
    };
  }, []);

  return { scroller, content, away, toEnd };
}
