/** The details of an entry, as one reads them: what was before and after, side by side, and the rest. Pure. */

export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

export interface Comparison {
  changes: Change[];
  rest: { field: string; value: string }[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null is nothing at all, told apart from an empty text by those who show it. */
export function inWords(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map((item) => inWords(item) ?? 'nothing').join(', ');
  return JSON.stringify(value);
}

/** `displayName` and `last_seen` as words. */
export const fieldWords = (field: string): string => {
  const words = field
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Before and after are either two objects with the same fields, or two values of one thing. */
export function compare(details: Readonly<Record<string, unknown>>): Comparison {
  const { before, after, ...others } = details;
  const rest = Object.entries(others).flatMap(([field, value]) => {
    const words = inWords(value);
    return words === null ? [] : [{ field, value: words }];
  });
  if (before === undefined && after === undefined) return { changes: [], rest };
  if (!isObject(before ?? {}) || !isObject(after ?? {}))
    return { changes: [{ field: 'value', before: inWords(before), after: inWords(after) }], rest };
  const [old, now] = [(before ?? {}) as Record<string, unknown>, (after ?? {}) as Record<string, unknown>];
  const named = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changes = named
    .map((field) => ({ field, before: inWords(old[field]), after: inWords(now[field]) }))
    .filter((change) => change.before !== change.after);
  return { changes, rest };
}
