import { expect, it } from 'vitest';
import { initialsOf, reasonsForRoles, tokenStateNow } from './describe.ts';

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

it('names each role once, with every reason for it', () => {
  expect(
    reasonsForRoles([
      { role: 'user', source: 'default' },
      { role: 'admin', source: 'entra' },
      { role: 'admin', source: 'granted' },
    ]),
  ).toEqual([
    {
      role: 'admin',
      because: ['from your groups or app roles in Microsoft Entra', 'granted here by an administrator'],
    },
    { role: 'user', because: ['given here to everybody whose groups give no role'] },
  ]);
});

it.each([
  ['fresh', 1, 'fresh'],
  ['fresh', 0, 'expired'],
  ['expiring', -1, 'expired'],
  ['needs_interaction', -1, 'needs_interaction'],
  ['none', null, 'none'],
] as const)('a token that was %s and has %j s left is %s', (status, left, state) => {
  const now = Date.parse('2031-01-01T00:00:00.000Z');
  const expiresAt = left === null ? null : new Date(now + left * 1000).toISOString();
  expect(tokenStateNow({ status, expiresAt, lastRefreshedAt: null }, now)).toBe(state);
});
