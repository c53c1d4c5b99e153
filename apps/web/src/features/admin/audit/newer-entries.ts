import type { AuditPage } from '#contracts';

export interface Newer {
  entries: AuditPage['items'];
  /** More came than one look shows: what lies between is not known. */
  gap: boolean;
}

/** Of a page fetched just now, what is newer than everything held. */
export function newerEntries(held: AuditPage, fetched: AuditPage): Newer {
  const newest = held.items[0]?.sequence ?? 0;
  const entries = fetched.items.filter(({ sequence }) => sequence > newest);
  return { entries, gap: entries.length === fetched.items.length && fetched.nextCursor !== null };
}

/** The held page with them on top; it keeps its cursor, which leads to what is older. */
export const withNewer = (held: AuditPage, fetched: AuditPage, { entries }: Newer): AuditPage => ({
  ...held,
  items: [...entries, ...held.items],
  total: fetched.total,
  totalIsLowerBound: fetched.totalIsLowerBound,
});
