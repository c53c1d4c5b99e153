import { hitsIn } from '#contracts';

const longest = 160;
/** What is shown in front of the hit, so that it can be understood. */
const lead = 40;

/** Of a message, what stands around the first of `words`: one line of plain text, cut between words where that can be. */
export function excerptOf(content: string, words: readonly string[]): string {
  const { value: hit } = hitsIn(content, words).next();
  const from = beginning(content, hit?.from ?? 0);
  // White space is gathered: more is taken than is shown.
  const line = withoutMarks(whole(content.slice(from, from + 4 * longest)))
    .replace(/\s+/g, ' ')
    .trim();
  const isRest = from + 4 * longest >= content.length;
  const front = from > 0 ? '…' : '';
  if (isRest && front.length + line.length <= longest) return front + line;
  const cut = whole(line.slice(0, longest - front.length - 1));
  const space = cut.lastIndexOf(' ');
  return `${front}${(space > 2 * lead ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** The first beginning of a word within the lead, so that the hit itself is always shown. */
function beginning(content: string, hit: number): number {
  if (hit <= lead) return 0;
  const from = hit - lead;
  const space = /\s(?=\S)/.exec(content.slice(from, hit));
  return space ? from + space.index + 1 : hit;
}

/** Of Markdown what only gets in the way of reading; no letter is lost, so the hit is still there. */
const withoutMarks = (text: string): string =>
  text
    .replace(/^[ \t]*(?:#{1,6}|[-*+>])[ \t]+/gm, '')
    .replace(/(?<![\p{L}\p{N}])[*~`]{1,3}(?=\S)|(?<=\S)[*~`]{1,3}(?![\p{L}\p{N}])/gu, '');

/** Without the half of a surrogate pair at either end. */
const whole = (text: string): string => text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
