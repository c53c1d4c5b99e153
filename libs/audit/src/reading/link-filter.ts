/** From a filter to conditions on `audit_chain`, each with an index that is in the order of the sequence. */
import type { AuditFilter } from '#contracts';
import { type SampledWords, waysToLookFor, type Words } from '#platform';

const uuidShape = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** How many of the newest entries have the words. */
export interface Sample extends SampledWords {
  /** All of them. */
  matching: number;
}

/** A way to look for the words of a filter, none where it has none, and how frequent these are in the log as a whole. */
export interface ChosenWay {
  words: Words;
  inGeneral: Sample;
}

/** Joined by AND, with what they name by `$1`, `$2` …. */
export interface LinkFilter {
  conditions: readonly string[];
  /** A tsquery each. */
  words: readonly string[];
  inGeneral: Sample;
  parameters: readonly unknown[];
}

/** Ways to look for the words of a filter, one after the other until one finds something. */
export function waysToFind({ actor, search }: AuditFilter): Words[] {
  const texts: Words[][] = [];
  if (actor && !uuidShape.test(actor)) texts.push(waysToLookFor(actor, '@'));
  if (search?.trim()) texts.push(waysToLookFor(search));
  // A text without a word is found nowhere.
  if (texts.some((ways) => ways.length === 0)) return [];
  const most = Math.max(1, ...texts.map(({ length }) => length));
  return Array.from({ length: most }, (_, way) =>
    texts.flatMap((ways) => ways[Math.min(way, ways.length - 1)] ?? []),
  );
}

/** `span`: the sequences within which the times of the filter lie. `way`: one of `waysToFind`. */
export function linkFilter(
  { action, actor, outcome, from, to }: AuditFilter,
  { words: way, inGeneral }: ChosenWay,
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
  // The database's own lower(), which has made the column.
  const words = way.map((word) => `lower($${parameters.push(word)})::tsquery`);
  return { conditions, words, inGeneral, parameters };
}

/** The same filter with one more condition on a value. */
export function narrowed(filter: LinkFilter, condition: string, value: unknown): LinkFilter {
  const parameters = [...filter.parameters, value];
  return { ...filter, parameters, conditions: [...filter.conditions, `${condition} $${parameters.length}`] };
}
