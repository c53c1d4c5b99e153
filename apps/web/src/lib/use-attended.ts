import { useEffect, useState } from 'react';

const signs = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/**
 * Whether somebody has used the page lately. What a page asks for by itself stops without them: each call counts as use of
 * the session, and a screen left open must not keep it from ending.
 */
export function useAttended(minutes = 5): boolean {
  const [attended, setAttended] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const notice = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setAttended(false), minutes * 60_000);
      setAttended(true);
    };
    notice();
    for (const sign of signs) window.addEventListener(sign, notice, { passive: true });
    return () => {
      clearTimeout(timer);
      for (const sign of signs) window.removeEventListener(sign, notice);
    };
  }, [minutes]);
  return attended;
}
