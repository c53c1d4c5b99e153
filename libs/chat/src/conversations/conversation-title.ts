/**
 * A conversation is called after its first question. Asking the model for a better title would be a second call on the
 * person's own quota, for something they can rename.
 */
export const defaultTitle = 'New chat';

const longestTitle = 60;
/** Where to look; a whole pasted file need not be searched for its first sentence. */
const headLength = 2_000;

/** The first sentence without its Markdown, at most 60 characters, cut between words; null when nothing is left. */
export function titleFrom(question: string): string | null {
  const head = question.slice(0, headLength);
  const prose = plainText(head.replace(/```[\s\S]*?(```|$)/g, '\n'));
  const text = prose || plainText(head.replaceAll('`', ''));
  return text ? shortened(firstSentence(text)) : null;
}

/** Line by line, so that a heading does not run into what follows it. */
const plainText = (markdown: string): string =>
  markdown
    .split('\n')
    .map(withoutMarks)
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .join('\n');

const withoutMarks = (line: string): string =>
  line
    .replace(/^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,3}[.)]\s+)+/, '')
    .replace(/!?\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, ' ')
    .replace(/[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}/g, (marks, at: number, whole: string) =>
      isInsideWord(marks, at, whole) ? marks : '',
    )
    .replace(/\s+/g, ' ')
    .trim();

/** `snake_case` and `2*3` are words, not emphasis. */
const isInsideWord = (marks: string, at: number, whole: string): boolean =>
  /[\p{L}\p{N}]/u.test(whole[at - 1] ?? '') && /[\p{L}\p{N}]/u.test(whole[at + marks.length] ?? '');

function firstSentence(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return /^.*?(?:[.!?…]+(?=\s)|[。！？])/u.exec(line)?.[0] ?? line;
}

function shortened(sentence: string): string {
  const title = sentence.replace(/[.:;,]+$/, '');
  if (title.length <= longestTitle) return title;
  const cut = title.slice(0, longestTitle - 1);
  const lastSpace = cut.lastIndexOf(' ');
  const words = lastSpace > longestTitle / 2 ? cut.slice(0, lastSpace) : cut;
  // A cut between the halves of a surrogate pair would leave half a character.
  return `${words.replace(/[\uD800-\uDBFF]$/, '').replace(/[\s.:;,]+$/, '')}…`;
}
