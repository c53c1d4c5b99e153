/**
 * What this tab keeps over a reload and over signing in again: drafts and unsent messages, nothing secret.
 * Storage may be switched off or full; then these things live only as long as the page.
 */
const prefix = 'entrada.';

function storage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

export function readKept(key: string): unknown {
  try {
    return JSON.parse(storage()?.getItem(prefix + key) ?? 'null');
  } catch {
    return null;
  }
}

/** Null forgets it. */
export function keep(key: string, value: unknown): void {
  try {
    if (value === null) storage()?.removeItem(prefix + key);
    else storage()?.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Full: what is on the screen is still there.
  }
}

export function forgetKept(): void {
  const held = storage();
  if (held === null) return;
  for (const key of Object.keys(held)) if (key.startsWith(prefix)) held.removeItem(key);
}
