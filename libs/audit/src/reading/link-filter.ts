/** From a filter to conditions on `audit_chain`, each with an index that is in the order of the sequence. */
import type { AuditFilter } from '#contracts';
import { type WordQuery, wordQueries } from '#platform';

const uuidShape = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Joined by AND, with what they name by `$1`, `$2` …. */
export interface LinkFilter {
  conditions: string[];
  /** The words, for an index that is in no order. */
  words: string[];
  /** The same words, for rows that are read anyway. */
  checks: string[];
  parameters: unknown[];
}

/** Ways to look for the words of a filter, one after the other until one finds something; each an element for every text. */
export function waysToFind({ actor, search }: AuditFilter): WordQuery[][] {
  const texts: WordQuery[][] = [];
  if (actor && !uuidShape.test(actor)) texts.push(wordQueries(actor, '@'));
  if (search?.trim()) texts.push(wordQueries(search));
  // A text without a word is found nowhere.
  if (texts.some((queries) => queries.length === 0)) return [];
  const most = Math.max(1, ...texts.map(({ length }) => length));
  return Array.from({ length: most }, (_, way) =>
    texts.flatMap((queries) => queries[Math.min(way, queries.length - 1)] ?? []),
  );
}

/** `span`: the sequences within which the times of the filter lie. `way`: one of `waysToFind`. */
export function linkFilter(
  { action, actor, outcome, from, to }: AuditFilter,
  way: readonly WordQuery[],
  span: { first: number | null; last: number | null },
): LinkFilter {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const where = (condition: (parameter: string) => string, value: unknown) =>
    conditions.push(condition(`$${parameters.push(value)}`));
  // Not as a parameter: the planner would not see which partial index it means.
  if (outcome) conditions.push(`outcome = '${outcome}'`);
  if (action) where((parameter) => `action = ${parameter}`, action);
  if (actor && uuidShape.test(actor)) where((parameter) => `actor_id = ${parameter}`, actor);
  if (from) where((parameter) => `occurred_at >= ${parameter}`, from);
  if (to) where((parameter) => `occurred_at < ${parameter}`, to);
  if (span.first !== null) where((parameter) => `sequence >= ${parameter}`, span.first);
  if (span.last !== null) where((parameter) => `sequence <= ${parameter}`, span.last);
  return { conditions, parameters, ...wordConditions(way, parameters) };
}

function wordConditions(way: readonly WordQuery[], parameters: unknown[]) {
  const [words, checks]: [string[], string[]] = [[], []];
  // The database's own lower(), which has made the column.
  const query = (text: string) => `lower($${parameters.push(text)})::tsquery`;
  for (const { indexed, checked } of way) {
    const found = query(indexed);
    words.push(`search @@ ${found}`);
    // The function keeps out of the index what its operator would not.
    checks.push(`ts_match_vq(search, ${found})`);
    if (checked === null) continue;
    const looked = `ts_match_vq(search, ${query(checked)})`;
    words.push(looked);
    checks.push(looked);
  }
  return { words, checks };
}
