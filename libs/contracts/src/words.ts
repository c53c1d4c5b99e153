/**
 * What a word is where people search what they wrote: prose, code, addresses. Letters and digits of every script; ASCII
 * and typographic marks stand between them. The database function `words_of` says the same of the texts.
 */
const word = /[^\p{Cc} -/:-@[-`{-~\u00a0-\u00bf\u2000-\u206f\u3000-\u303f\uff00-\uff0f\ufeff]+/gu;
/** Longer words are cut in the database. */
const longestWord = 100;

/** The words to look for, each of which is the beginning of one. */
export const wordsOf = (search: string): string[] =>
  (search.match(word) ?? []).map((found) => [...found].slice(0, longestWord).join(''));

export interface Hit {
  from: number;
  to: number;
}

/** Where a word of `text` begins with one of `words`, in the order of the text. */
export function* hitsIn(text: string, words: readonly string[]): Generator<Hit> {
  const beginnings = words.map((looked) => looked.toLowerCase());
  for (const { 0: found, index } of text.matchAll(word)) {
    const lower = found.toLowerCase();
    const lengths = beginnings.filter((beginning) => lower.startsWith(beginning)).map(({ length }) => length);
    if (lengths.length > 0) yield { from: index, to: index + Math.min(Math.max(...lengths), found.length) };
  }
}
