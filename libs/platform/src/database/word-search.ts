/** As the columns `search` are made: letters and digits are words, everything else stands between them. */
const betweenWords = /[\s\p{Cc}!-/:-@[-`{-~]+/u;
/** Longer words are cut in the columns. */
const longestWord = 100;

export const wordsOf = (search: string): string[] =>
  search
    .split(betweenWords)
    .filter(Boolean)
    .map((word) => word.slice(0, longestWord));

/** A tsquery for rows of which every word begins a word; `mark` stands before words of one kind, where a column has it. */
export const beginningsOf = (words: readonly string[], mark = ''): string =>
  words.map((word) => `'${mark}${word}':*`).join(' & ');

/** A tsquery for rows of which every word of `search` begins a word; null when there is no word in it. */
export function wordQuery(search: string): string | null {
  const words = wordsOf(search);
  return words.length > 0 ? beginningsOf(words) : null;
}
