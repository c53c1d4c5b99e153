/** As the columns `search` are made: letters and digits are words, everything else stands between them. */
const betweenWords = /[\s\p{Cc}!-/:-@[-`{-~]+/u;
/** Longer words are cut in the columns. */
const longestWord = 100;
/** An index collects every row that has a word before it looks at the next: what one row of so many has is not asked of it. */
const frequentFrom = 1 / 250;

/** Conditions that a row has all of, each a tsquery of one word. */
export type Words = readonly string[];

/**
 * How to look for the words of `search`: one way after the other, until one finds something. Several words are looked up
 * whole first: an address, a full name. As beginnings, where nothing has them all. A word by itself is a beginning.
 *
 * Empty when there is no word in it. `mark` stands before words of one kind, where a column has it.
 */
export function waysToLookFor(search: string, mark = ''): Words[] {
  const words = search
    .split(betweenWords)
    .filter(Boolean)
    .map((word) => `'${mark}${word.slice(0, longestWord)}'`);
  if (words.length === 0) return [];
  const beginnings = words.map((word) => `${word}:*`);
  return words.length === 1 ? [beginnings] : [words, beginnings];
}

/** How many of some rows have each of the words. */
export interface SampledWords {
  rows: number;
  having: readonly number[];
}

export const isFrequent = (having: number, rows: number): boolean => having > rows * frequentFrom;

/** The words to ask the index for, at least the rarest; the others are checked row by row. */
export function forIndex<Word>(
  words: readonly Word[],
  { rows, having }: SampledWords,
): { indexed: Word[]; checked: Word[] } {
  const rarest = having.indexOf(Math.min(...having));
  const isIndexed = (index: number) => index === rarest || !isFrequent(having[index] ?? 0, rows);
  return {
    indexed: words.filter((_, index) => isIndexed(index)),
    checked: words.filter((_, index) => !isIndexed(index)),
  };
}
