/** As the columns `search` are made: letters and digits are words, everything else stands between them. */
const betweenWords = /[\s\p{Cc}!-/:-@[-`{-~]+/u;
/** Longer words are cut in the columns. */
const longestWord = 100;
/** Of a shorter beginning the index has so many words that it is quicker to look at the rows. */
const shortestIndexed = 3;

/** Two tsqueries, both of which a row has to meet. */
export interface WordQuery {
  /** By the index. */
  indexed: string;
  /** Row by row, past the index; null where there is nothing left to check. */
  checked: string | null;
}

/**
 * How to look for the words of `search`: one after the other, until one finds something. Several words are looked up whole
 * first, which an index does in no time, however frequent each of them is by itself: an address, a full name. As
 * beginnings, where nothing has them all: the index collects every row for each of them. A word by itself is a beginning.
 *
 * Empty when there is no word in it. `mark` stands before words of one kind, where a column has it.
 */
export function wordQueries(search: string, mark = ''): WordQuery[] {
  const words = search
    .split(betweenWords)
    .filter(Boolean)
    .map((word) => word.slice(0, longestWord));
  if (words.length === 0) return [];
  const whole = { indexed: words.map((word) => `'${mark}${word}'`).join(' & '), checked: null };
  return words.length === 1 ? [beginningsOf(words, mark)] : [whole, beginningsOf(words, mark)];
}

function beginningsOf(words: readonly string[], mark: string): WordQuery {
  const query = (some: readonly string[]) => some.map((word) => `'${mark}${word}':*`).join(' & ');
  const longest = Math.max(...words.map(({ length }) => length));
  const isIndexed = (word: string) => word.length >= Math.min(shortestIndexed, longest);
  const others = words.filter((word) => !isIndexed(word));
  return { indexed: query(words.filter(isIndexed)), checked: others.length > 0 ? query(others) : null };
}
