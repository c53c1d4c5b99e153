/** As the columns `search` are made: letters and digits are words, everything else stands between them. */
const betweenWords = /[\s\p{Cc}!-/:-@[-`{-~]+/u;

/**
 * A tsquery for rows of which every word of `search` begins a word; null when there is no word in it. `mark` stands
 * before the words of one kind, where a column tells them apart.
 */
export function wordQuery(search: string, mark = ''): string | null {
  const words = search.split(betweenWords).filter(Boolean);
  return words.length > 0 ? words.map((word) => `'${mark}${word.slice(0, 100)}':*`).join(' & ') : null;
}
