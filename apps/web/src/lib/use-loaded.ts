import { useEffect, useState } from 'react';

const loaded = new Map<() => Promise<unknown>, unknown>();

/**
 * A module that is fetched when it is first wanted. Until then, and when it cannot be fetched, the caller shows the
 * plain form: an answer must stay readable on a bad connection.
 * @param load must be the same function each time.
 */
export function useLoaded<Module>(load: () => Promise<Module>, wanted: boolean): Module | undefined {
  const [, arrived] = useState(0);
  const held = loaded.get(load) as Module | undefined;
  const missing = wanted && held === undefined;
  useEffect(() => {
    if (!missing) return;
    let current = true;
    const fetchIt = async (): Promise<void> => {
      try {
        loaded.set(load, await load());
        if (current) arrived((count) => count + 1);
      } catch {
        // Tried again by whoever wants it next.
      }
    };
    void fetchIt();
    return () => {
      current = false;
    };
  }, [load, missing]);
  return wanted ? held : undefined;
}
