/** As the column `search` is made: letters and digits are words, everything else stands between them. */
const betweenWords = /[\s\p{Cc}!-/:-@[-`{-~]+/u;

/** A tsquery for people of whom every word of `search` begins a word; null when there is no word in it. */
export function searchQuery(search: string): string | null {
  const words = search.split(betweenWords).filter(Boolean);
  return words.length > 0 ? words.map((word) => `'${word}':*`).join(' & ') : null;
}
