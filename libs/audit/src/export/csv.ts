import { stringify } from 'csv-stringify/sync';
import type { SealedEntry } from '../reading/entry-row.ts';

const columns: Record<string, (entry: SealedEntry) => unknown> = {
  sequence: ({ sequence }) => sequence,
  occurredAt: ({ occurredAt }) => occurredAt,
  actorId: ({ actor }) => actor.id,
  actorEmail: ({ actor }) => actor.email,
  actorDisplayName: ({ actor }) => actor.displayName,
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  resourceType: ({ resourceType }) => resourceType,
  resourceId: ({ resourceId }) => resourceId,
  details: ({ details }) => JSON.stringify(details),
  ipAddress: ({ ipAddress }) => ipAddress,
  userAgent: ({ userAgent }) => userAgent,
  requestId: ({ requestId }) => requestId,
  id: ({ id }) => id,
  hash: ({ hash }) => hash,
};

// eslint-disable-next-line no-control-regex -- control characters are what it is about
const controls = /[\0-\x1f\x7f-\x9f\u2028\u2029]/g;
/** What a spreadsheet takes for the beginning of a formula, in the widths of East Asia as well. */
const formulaStart = /^[=+\-@＝＋－＠]/;

/** One line whatever is in it, and text in a spreadsheet: what people and browsers call themselves is in these cells. */
export function csvCell(value: unknown): string {
  const text = value == null ? '' : String(value as string | number);
  // A formula may stand behind a tab or a line break, which are visible afterwards.
  const line = text.replace(controls, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return formulaStart.test(line) ? `'${line}` : line;
}

/** Every cell in quotes, so that no other separator splits one (RFC 4180). */
const toLines = (rows: string[][]): string =>
  stringify(rows, { quoted: true, quoted_empty: true, record_delimiter: '\r\n' });

export const csvHeader = (): string => toLines([Object.keys(columns)]);
export const csvLines = (entries: readonly SealedEntry[]): string =>
  toLines(entries.map((entry) => Object.values(columns).map((read) => csvCell(read(entry)))));
