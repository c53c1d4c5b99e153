import { badRequest } from './errors.ts';

export interface GraphPage<T> {
  items: T[];
  /** Query of the next page, or null on the last. */
  next: string | null;
}

const DEFAULT_SIZE = 100;
const LARGEST_SIZE = 999;

/** One page as `$top` and `$skiptoken` ask for it. */
export function pageOf<T>(items: T[], query: Record<string, string | undefined>): GraphPage<T> {
  const size = Number(query.$top ?? DEFAULT_SIZE);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIZE)
    throw badRequest('Invalid page size specified.');
  const start = query.$skiptoken === undefined ? 0 : decodeToken(query.$skiptoken);
  const end = start + size;
  const following = Object.entries({ ...query, $skiptoken: encodeToken(end) });
  const next = following.map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join('&');
  return { items: items.slice(start, end), next: end < items.length ? next : null };
}

function encodeToken(start: number): string {
  return Buffer.from(`from:${start}`).toString('base64url');
}

function decodeToken(token: string): number {
  const start = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (!start) throw badRequest('Invalid skip token specified.');
  return Number(start);
}
