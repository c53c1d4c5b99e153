import { describe, expect, it } from 'vitest';
import { hitsIn, wordsOf } from './words.ts';

describe('the words of a search', () => {
  it.each([
    ['Quarterly  report', ['Quarterly', 'report']],
    ['uma.patel@contoso.com', ['uma', 'patel', 'contoso', 'com']],
    ['“quoted” — naïve…', ['quoted', 'naïve']],
    ["' | !a & (b) <-> c:* \\ \0 % _", ['a', 'b', 'c']],
    ['東京、大阪。', ['東京', '大阪']],
    [' .%_ ', []],
    ['', []],
  ])('%j', (search, words) => {
    expect(wordsOf(search)).toEqual(words);
  });

  it('are cut between characters', () => {
    expect(wordsOf('𝒜'.repeat(150))).toEqual(['𝒜'.repeat(100)]);
  });
});

describe('the hits in a text', () => {
  const hits = (text: string, search: string) =>
    [...hitsIn(text, wordsOf(search))].map(({ from, to }) => text.slice(from, to));
  it.each([
    ['Fox and foxes, firefox', 'fox', ['Fox', 'fox']],
    ['a foxtrot', 'fo foxt', ['foxt']],
    ['<img onerror=x>', 'onerror img', ['img', 'onerror']],
    ['nothing', 'else', []],
    ['nothing', '', []],
    // Two letters when lowered, one as it is written.
    ['İstanbul İ', 'i', ['İ', 'İ']],
  ])('%j, %j', (text, search, expected) => {
    expect(hits(text, search)).toEqual(expected);
  });
});
