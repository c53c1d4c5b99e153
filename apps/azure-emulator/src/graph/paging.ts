export interface GraphPage<T> {
  items: T[];
  /** Query of the next page, or null on the last. */
  next: string | null;
}

const DEFAULT_SIZE = 100;
const LARGEST_SIZE = 999;

/** `$top` and `$skiptoken`; null when they make no sense. */
export function readPage<T>(items: T[], query: Record<string, string | undefined>): GraphPage<T> | null {
  const size = Number(query.$top ?? DEFAULT_SIZE);
  const start = query.$skiptoken === undefined ? 0 : decodeToken(query.$skiptoken);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIZE || !Number.isInteger(start)) return null;
  const end = start + size;
  const rest = Object.entries(query).filter(([name]) => name !== '$skiptoken');
  const next = [...rest, ['$skiptoken', encodeToken(end)]].map(
    ([name, value]) => `${name}=${encodeURIComponent(value!)}`,
  );
  return { items: items.slice(start, end), next: end < items.length ? next.join('&') : null };
}

function encodeToken(start: number): string {
  return Buffer.from(`from:${start}`).toString('base64url');
}

function decodeToken(token: string): number {
  const text = Buffer.from(token, 'base64url').toString();
  return text.startsWith('from:') ? Number(text.slice('from:'.length)) : Number.NaN;
}
