import { describe, expect, it } from 'vitest';
import { type WordQuery, wordQueries } from './word-search.ts';

const whole = (indexed: string): WordQuery => ({ indexed, checked: null });

describe('a search by words', () => {
  it.each<[string, WordQuery[]]>([
    ['uma', [whole("'uma':*")]],
    ['u', [whole("'u':*")]],
    ['  Uma  Pat ', [whole("'Uma' & 'Pat'"), whole("'Uma':* & 'Pat':*")]],
    [
      'uma.patel@contoso.c',
      [
        whole("'uma' & 'patel' & 'contoso' & 'c'"),
        { indexed: "'uma':* & 'patel':* & 'contoso':*", checked: "'c':*" },
      ],
    ],
    // Of short ones alone the longest go by the index.
    ['10.0', [whole("'10' & '0'"), { indexed: "'10':*", checked: "'0':*" }]],
    ['Jean-Luc', [whole("'Jean' & 'Luc'"), whole("'Jean':* & 'Luc':*")]],
    ['Zoë', [whole("'Zoë':*")]],
    ['山田', [whole("'山田':*")]],
    ['', []],
    [' . % _ @ ', []],
    // What would be an operator, a quote or the end of the text is something between words.
    ["' | !uma & (xyz) <-> :* \\ \0", [whole("'uma' & 'xyz'"), whole("'uma':* & 'xyz':*")]],
  ])('%j', (search, expected) => {
    expect(wordQueries(search)).toEqual(expected);
  });

  it('cuts a word that no column has in full', () => {
    expect(wordQueries('x'.repeat(200))).toEqual([whole(`'${'x'.repeat(100)}':*`)]);
  });

  it('marks the words of one kind', () => {
    expect(wordQueries('Ada Lov', '@')).toEqual([whole("'@Ada' & '@Lov'"), whole("'@Ada':* & '@Lov':*")]);
  });
});
