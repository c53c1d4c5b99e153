/** From a filter to conditions on `audit_chain`, each with an index that is in the order of the sequence. */
import type { AuditFilter } from '#contracts';
import { beginningsOf, wordsOf } from '#platform';

const uuidShape = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export interface LinkFilter {
  /** Joined by AND. */
  conditions: string[];
  parameters: unknown[];
}

/** `span`: the sequences within which the times of the filter lie. */
export function linkFilter(
  { action, actor, outcome, from, to, search }: AuditFilter,
  span: { first: number | null; last: number | null } = { first: null, last: null },
): LinkFilter {
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  const where = (condition: (parameter: string) => string, value: unknown) =>
    conditions.push(condition(`$${parameters.push(value)}`));
  const whereWords = (text: string, mark = '') => {
    const [longest, ...others] = wordsOf(text).toSorted((one, other) => other.length - one.length);
    if (longest === undefined) return void conditions.push('false');
    // The database's own lower(), which has made the column.
    where((parameter) => `search @@ lower(${parameter})::tsquery`, beginningsOf([longest], mark));
    // By the function instead of its operator, which keeps these out of the index: it would collect every row with a word
    // that begins with `p` before it looks at the other words.
    if (others.length > 0)
      where((parameter) => `ts_match_vq(search, lower(${parameter})::tsquery)`, beginningsOf(others, mark));
  };
  // Not as a parameter: the planner would not see which partial index it means.
  if (outcome) conditions.push(`outcome = '${outcome}'`);
  if (action) where((parameter) => `action = ${parameter}`, action);
  if (actor && uuidShape.test(actor)) where((parameter) => `actor_id = ${parameter}`, actor);
  else if (actor) whereWords(actor, '@');
  if (search?.trim()) whereWords(search);
  if (from) where((parameter) => `occurred_at >= ${parameter}`, from);
  if (to) where((parameter) => `occurred_at < ${parameter}`, to);
  if (span.first !== null) where((parameter) => `sequence >= ${parameter}`, span.first);
  if (span.last !== null) where((parameter) => `sequence <= ${parameter}`, span.last);
  return { conditions, parameters };
}
