import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * Rows that come in above do not move the one that is being read. Only once the page is scrolled: at the top, what is new
 * is what one waits for.
 */
export function useKeepPlace(list: RefObject<HTMLElement | null>, firstKey: string | undefined): void {
  const before = useRef<{ key: string | undefined; height: number }>({ key: undefined, height: 0 });
  useLayoutEffect(() => {
    const height = list.current?.offsetHeight ?? 0;
    const { key, height: held } = before.current;
    const isAbove = (list.current?.getBoundingClientRect().top ?? 0) < 0;
    if (key !== undefined && key !== firstKey && height > held && isAbove) window.scrollBy(0, height - held);
    before.current = { key: firstKey, height };
  });
}
