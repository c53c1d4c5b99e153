import { expect, it } from 'vitest';
import { initialsOf } from './describe.ts';

it.each([
  ['Ada Lovelace', 'AL'],
  ['Grace Brewster Murray Hopper', 'GH'],
  ['admin', 'A'],
  ['Özge', 'Ö'],
  ['guest 42', 'G'],
  ['  ', '?'],
  ['😀', '?'],
])('shortens %j to %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
