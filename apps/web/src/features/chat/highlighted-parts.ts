import { hitsIn } from '#contracts';

export interface TextPart {
  /** Where it begins in the text. */
  at: number;
  text: string;
  isHit: boolean;
}

/** The whole text in pieces, in its order: what begins with one of the words, and what is between. */
export function highlightedParts(text: string, words: readonly string[]): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  const take = (to: number, isHit: boolean): void => {
    if (to > end) parts.push({ at: end, text: text.slice(end, to), isHit });
    end = to;
  };
  for (const { from, to } of hitsIn(text, words)) {
    take(from, false);
    take(to, true);
  }
  take(text.length, false);
  return parts;
}
