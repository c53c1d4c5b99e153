import { describe, expect, it } from 'vitest';
import { wordsOf } from '#contracts';
import { highlightedParts } from './highlighted-parts.ts';

const marked = (text: string, search: string) =>
  highlightedParts(text, wordsOf(search)).map(({ text: part, isHit }) => (isHit ? `[${part}]` : part));

describe('highlighting', () => {
  it.each([
    ['A fox, FOXES and a firefox', 'fox', ['A ', '[fox]', ', ', '[FOX]', 'ES and a firefox']],
    ['fox', 'FOX', ['[fox]']],
    ['<img src=x onerror=go()>', 'img onerr', ['<', '[img]', ' src=x ', '[onerr]', 'or=go()>']],
    ['nothing of it', 'else', ['nothing of it']],
    ['', 'word', []],
  ])('%j, looked for %j', (text, search, parts) => {
    expect(marked(text, search)).toEqual(parts);
  });

  it('loses no letter, and each part knows its place', () => {
    const text = '…İstanbul 😀 ist, “ist” IST\n';
    const parts = highlightedParts(text, ['ist', 'i']);
    expect(parts.map((part) => part.text).join('')).toBe(text);
    for (const { at, text: part } of parts) expect(text.slice(at, at + part.length)).toBe(part);
  });
});
