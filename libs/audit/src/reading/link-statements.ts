/** Statements over `audit_chain` that cost the same in any log, as far as that goes (docs/decisions/0028). */
import type { LinkFilter } from './link-filter.ts';

/** Any of these; each by itself, so that each has its index. */
export type Kinds = readonly string[];
export const everyone: Kinds = ['true'];

const link = 'sequence, entry, hash';
/** So many of the newest are looked at, before the index of words is asked. */
const walked = 2_000;

/** The newest links of a filter without words. */
export function newestLinks(
  kinds: Kinds,
  conditions: readonly string[],
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

/** Those of the newest few that have the words: as many as wanted, where the words are frequent. */
export const newestWithWords = (kinds: Kinds, { conditions, checks }: LinkFilter, limit: number): string =>
  `SELECT ${link} FROM (${newestLinks(kinds, conditions, walked, `${link}, search`)}) newest
   WHERE ${checks.join(' AND ')} ORDER BY sequence DESC LIMIT ${limit}`;

/** The newest of all that have the words, by their index: quick where they are rare. */
export const allWithWords = (kinds: Kinds, filter: LinkFilter, limit: number): string =>
  `SELECT ${link} FROM (${anyWithWords(kinds, filter, link)}) found ORDER BY sequence DESC LIMIT ${limit}`;

/**
 * In no order. The planner thinks little of how many rows a beginning finds, and would rather walk the whole log in its
 * order; OFFSET keeps it from looking at what is done with them.
 */
export const anyWithWords = (
  kinds: Kinds,
  { conditions, words }: Pick<LinkFilter, 'conditions' | 'words'>,
  columns = '',
): string =>
  `SELECT ${columns} FROM audit_chain
   WHERE (${kinds.join(' OR ')}) AND ${[...conditions, ...words].join(' AND ')} OFFSET 0`;

/** How many, up to `most` and one more. */
export const countLinks = (kinds: Kinds, filter: LinkFilter, most: number): string => {
  const links =
    filter.words.length > 0
      ? `SELECT FROM (${anyWithWords(kinds, filter)}) found LIMIT ${most + 1}`
      : newestLinks(kinds, filter.conditions, most + 1, 'sequence');
  return `SELECT count(*) AS total FROM (${links}) links`;
};
