/** Statements over `audit_chain` that cost the same in any log, as far as that goes (docs/decisions/0031). */
import { forIndex, isFrequent } from '#platform';
import type { LinkFilter } from './link-filter.ts';

/** Any of these; each by itself, so that each has its index. */
export type Kinds = readonly string[];
export const everyone: Kinds = ['true'];

const link = 'sequence, entry, hash';

/** By the index. */
export const indexed = (word: string): string => `search @@ ${word}`;
/** Row by row: the function keeps out of the index what its operator would not. */
const checked = (word: string): string => `ts_match_vq(search, ${word})`;

/** The newest links of a filter, whatever its words. */
export function newestLinks(
  kinds: Kinds,
  { conditions }: Pick<LinkFilter, 'conditions'>,
  limit: number,
  columns = link,
): string {
  const parts = kinds.map(
    (kind) => `(SELECT ${columns} FROM audit_chain
      WHERE ${[kind, ...conditions].join(' AND ')} ORDER BY sequence DESC LIMIT ${limit})`,
  );
  return parts.length === 1
    ? String(parts[0])
    : `${parts.join(' UNION ')} ORDER BY sequence DESC LIMIT ${limit}`;
}

/** How many, up to `most`. */
export const countLinks = (kinds: Kinds, filter: LinkFilter, most: number): string =>
  `SELECT count(*) AS total FROM (${newestLinks(kinds, filter, most, 'sequence')}) links`;

/** Of the newest `most`, how many there are, how many have all words, and how many each of them: `having`. */
export const sampleOf = (kinds: Kinds, filter: LinkFilter, most: number): string =>
  `SELECT count(*)::int AS rows, (count(*) FILTER (WHERE ${filter.words.map(checked).join(' AND ')}))::int AS matching,
     ARRAY[${filter.words.map((word) => `count(*) FILTER (WHERE ${checked(word)})`).join(', ')}]::int[] AS having
   FROM (${newestLinks(kinds, filter, most, 'sequence, search')}) newest`;

/** Those of the newest `walked` that have the words, until there are `limit`. */
export const newestWithWords = (kinds: Kinds, filter: LinkFilter, walked: number, limit: number): string =>
  `SELECT ${link} FROM (${newestLinks(kinds, filter, walked, `${link}, search`)}) newest
   WHERE ${filter.words.map(checked).join(' AND ')} ORDER BY sequence DESC LIMIT ${limit}`;

/**
 * All that have the words, in no order. Rare ones are looked up before anything else: the planner would have the index of
 * another condition collect all of its rows as well. Frequent ones are left to it. It thinks little of how many rows a
 * beginning finds, and would rather walk the whole log in its order; OFFSET keeps it from looking at what is done with them.
 */
export function allWithWords(
  kinds: Kinds,
  { conditions, words, inGeneral }: LinkFilter,
  columns = link,
): string {
  const by = forIndex(words, inGeneral);
  const found = by.indexed.map(indexed);
  const others = [`(${kinds.join(' OR ')})`, ...conditions, ...by.checked.map(checked)];
  const isRare = inGeneral.having.some((having) => !isFrequent(having, inGeneral.rows));
  return isRare
    ? `SELECT ${columns} FROM (SELECT * FROM audit_chain WHERE ${found.join(' AND ')} OFFSET 0) found
       WHERE ${others.join(' AND ')}`
    : `SELECT ${columns} FROM audit_chain WHERE ${[...found, ...others].join(' AND ')} OFFSET 0`;
}
