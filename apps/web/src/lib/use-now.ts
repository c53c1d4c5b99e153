import { useCallback, useSyncExternalStore } from 'react';

/** The current time in steps of `interval` milliseconds, followed while `running`. */
export function useNow(interval: number, running = true): number {
  const subscribe = useCallback(
    (tick: () => void) => {
      if (!running) return () => {};
      const timer = setInterval(tick, interval);
      return () => clearInterval(timer);
    },
    [interval, running],
  );
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / interval) * interval,
    () => 0,
  );
}
