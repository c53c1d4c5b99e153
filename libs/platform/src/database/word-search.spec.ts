import { describe, expect, it } from 'vitest';
import { forIndex, isFrequent, waysToLookFor, type Words } from './word-search.ts';

describe('a search by words', () => {
  it.each<[string, Words[]]>([
    ['uma', [["'uma':*"]]],
    ['u', [["'u':*"]]],
    [
      '  Uma  Pat ',
      [
        ["'Uma'", "'Pat'"],
        ["'Uma':*", "'Pat':*"],
      ],
    ],
    [
      'uma.patel@c',
      [
        ["'uma'", "'patel'", "'c'"],
        ["'uma':*", "'patel':*", "'c':*"],
      ],
    ],
    [
      'Jean-Luc',
      [
        ["'Jean'", "'Luc'"],
        ["'Jean':*", "'Luc':*"],
      ],
    ],
    ['Zoë', [["'Zoë':*"]]],
    ['山田', [["'山田':*"]]],
    ['', []],
    [' . % _ @ ', []],
    // What would be an operator, a quote or the end of the text is something between words.
    [
      "' | !uma & (xyz) <-> :* \\ \0",
      [
        ["'uma'", "'xyz'"],
        ["'uma':*", "'xyz':*"],
      ],
    ],
  ])('%j', (search, expected) => {
    expect(waysToLookFor(search)).toEqual(expected);
  });

  it('cuts a word that no column has in full', () => {
    expect(waysToLookFor('x'.repeat(200))).toEqual([[`'${'x'.repeat(100)}':*`]]);
  });

  it('marks the words of one kind', () => {
    expect(waysToLookFor('Ada Lov', '@')).toEqual([
      ["'@Ada'", "'@Lov'"],
      ["'@Ada':*", "'@Lov':*"],
    ]);
  });
});

describe('which of the words the index is asked for', () => {
  const words = ['uma', 'contoso', 'com'];
  it.each<[what: string, rows: number, having: number[], indexed: string[]]>([
    ['all, where no row was seen', 0, [0, 0, 0], words],
    ['those that few have', 1000, [4, 900, 5], ['uma']],
    ['several that few have', 1000, [0, 1000, 4], ['uma', 'com']],
    ['the rarest, where many have each', 1000, [700, 900, 800], ['uma']],
    ['one, where all are as frequent', 10, [10, 10, 10], ['uma']],
  ])('%s', (_, rows, having, indexed) => {
    const checked = words.filter((word) => !indexed.includes(word));
    expect(forIndex(words, { rows, having })).toEqual({ indexed, checked });
  });

  it('frequent is more than one of 250', () => {
    expect([8, 9].map((having) => isFrequent(having, 2000))).toEqual([false, true]);
  });
});
