import { describe, expect, it } from 'vitest';
import { wordQuery } from './word-search.ts';

describe('a search by words', () => {
  it.each<[string, string | null]>([
    ['uma', "'uma':*"],
    ['  Uma  Pat ', "'Uma':* & 'Pat':*"],
    ['uma.patel@contoso.com', "'uma':* & 'patel':* & 'contoso':* & 'com':*"],
    ['Jean-Luc', "'Jean':* & 'Luc':*"],
    ['Zoë', "'Zoë':*"],
    ['山田', "'山田':*"],
    ['', null],
    [' . % _ @ ', null],
    // What would be an operator, a quote or the end of the text is something between words.
    ["' | !uma & (x) <-> :* \\ \0", "'uma':* & 'x':*"],
  ])('%j', (search, expected) => {
    expect(wordQuery(search)).toBe(expected);
  });
});
