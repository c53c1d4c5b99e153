/** What the log shows, as it stands in the address: pure, and forgiving of an address somebody has written. */
import { type AuditFilter, timeSchema } from '#contracts';

const fields = [
  'action',
  'actor',
  'outcome',
  'from',
  'to',
  'search',
] as const satisfies (keyof AuditFilter)[];
export type LogFilter = Record<(typeof fields)[number], string>;

export const everything: LogFilter = { action: '', actor: '', outcome: '', from: '', to: '', search: '' };

const isTime = (value: string): boolean => timeSchema.safeParse(value).success;
const isOutcome = (value: string): boolean => value === 'success' || value === 'failure';

export function readFilter(query: URLSearchParams): LogFilter {
  const text = (name: string, most: number): string => (query.get(name) ?? '').trim().slice(0, most);
  const known = (name: string, isKnown: (value: string) => boolean): string => {
    const value = query.get(name) ?? '';
    return isKnown(value) ? value : '';
  };
  return {
    action: text('action', 100),
    actor: text('actor', 200),
    outcome: known('outcome', isOutcome),
    from: known('from', isTime),
    to: known('to', isTime),
    search: text('search', 200),
  };
}

/** The same names as the API's; what is empty is left out. */
export function writeFilter(filter: LogFilter): URLSearchParams {
  return new URLSearchParams(
    fields.flatMap((name) => (filter[name].trim() === '' ? [] : [[name, filter[name].trim()]])),
  );
}

/** The entry whose details are open, by its place in the log. */
export function readEntry(query: URLSearchParams): number | null {
  const value = query.get('entry') ?? '';
  return /^[1-9]\d{0,14}$/.test(value) ? Number(value) : null;
}

export function logAddress(filter: LogFilter, entry: number | null = null): string {
  const query = writeFilter(filter);
  if (entry !== null) query.set('entry', String(entry));
  return query.size === 0 ? '/admin/audit' : `/admin/audit?${query}`;
}

export const entryAddress = (sequence: number): string => logAddress(everything, sequence);

export const isNarrowed = (filter: LogFilter): boolean => writeFilter(filter).size > 0;

export const exportPath = (filter: LogFilter, format: 'csv' | 'jsonl'): string =>
  `/api/admin/audit-logs/export?${new URLSearchParams([['format', format], ...writeFilter(filter)])}`;

/** For `<input type="datetime-local">`, which knows the reader's own time and no zone. */
export function toLocalInput(iso: string): string {
  if (iso === '') return '';
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocalInput(value: string): string {
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}
