/**
 * Models write formulas as `\( … \)`, `\[ … \]` or `$ … $`; the renderer knows `$$ … $$`. A single dollar counts only
 * where it cannot be money: no space inside, no letter or digit outside, and not an amount followed by words.
 * Lengths are bounded, so that a text full of openings without ends costs no more than its length.
 */
const fence = String.raw`(?:^|(?<=\n))[ \t>]*(?<fence>\`{3,}|~{3,})[^\n]*(?:\n[\s\S]*?(?:\n[ \t>]*\k<fence>[\`~]*[ \t]*(?=\n|$)|$)|$)`;
const inlineCode = String.raw`(?<ticks>\`+)(?!\`)[\s\S]{1,2000}?(?<!\`)\k<ticks>(?!\`)`;
const alreadyMath = String.raw`\$\$[\s\S]*?(?:\$\$|$)`;
const display = String.raw`(?<!\\)\\\[(?<display>[\s\S]{1,4000}?)(?<!\\)\\\]`;
const inline = String.raw`(?<!\\)\\\((?<inline>[\s\S]{1,1000}?)(?<!\\)\\\)`;
const dollar = String.raw`(?<![\\$\w])\$(?![\s$])(?<dollar>(?:\\.|[^$\n\\\`]){1,500}?)(?<!\s)\$(?![\w$])`;
const pattern = new RegExp([fence, inlineCode, alreadyMath, display, inline, dollar].join('|'), 'g');

const amount = /^\d[\d.,]*[kKmMbB]?[,;]?\s+\p{L}{2,}/u;

export function withMathDelimiters(markdown: string): string {
  if (!/\\[([]|\$/.test(markdown)) return markdown;
  return markdown.replace(pattern, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    const offset = rest.at(-3) as number;
    if (groups['display'] !== undefined) return displayMath(markdown, match, groups['display'], offset);
    if (groups['inline'] !== undefined) return `$$${groups['inline'].trim()}$$`;
    if (groups['dollar'] !== undefined && !amount.test(groups['dollar'])) return `$$${groups['dollar']}$$`;
    return match;
  });
}

/** A block where the formula has its lines to itself, in whatever list it stands; else a large formula in the line. */
function displayMath(markdown: string, match: string, formula: string, offset: number): string {
  const lineStart = markdown.lastIndexOf('\n', offset - 1) + 1;
  const indentation = markdown.slice(lineStart, offset);
  const after = markdown.slice(offset + match.length).split('\n', 1)[0] ?? '';
  if (indentation.trim() !== '' || after.trim() !== '') {
    return `$$\\displaystyle ${formula.trim().replaceAll(/\s*\n\s*/g, ' ')}$$`;
  }
  const lines = formula.trim().split('\n');
  return ['$$', ...lines.map((line) => indentation + line.trim()), `${indentation}$$`].join('\n');
}
