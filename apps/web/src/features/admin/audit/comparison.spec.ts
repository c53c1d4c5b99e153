import { expect, it } from 'vitest';
import { compare, fieldWords, inWords } from './comparison.ts';

it('shows the fields that changed, also those that came or went', () => {
  const details = {
    source: 'administrator',
    before: { displayName: 'Uma', department: null, roles: ['user'], same: 1, gone: 'x' },
    after: { displayName: 'Uma P', department: 'Sales', roles: ['user', 'admin'], same: 1 },
  };
  expect(compare(details)).toEqual({
    changes: [
      { field: 'displayName', before: 'Uma', after: 'Uma P' },
      { field: 'department', before: null, after: 'Sales' },
      { field: 'roles', before: 'user', after: 'user, admin' },
      { field: 'gone', before: 'x', after: null },
    ],
    rest: [{ field: 'source', value: 'administrator' }],
  });
});

it('takes lists and single values as one thing that changed', () => {
  expect(compare({ before: ['user'], after: ['user', 'admin'] }).changes).toEqual([
    { field: 'value', before: 'user', after: 'user, admin' },
  ]);
});

it.each([
  [{}, [], []],
  [{ code: 'no_role', email: null }, [], [{ field: 'code', value: 'no_role' }]],
])('%j is no comparison', (details, changes, rest) => {
  expect(compare(details)).toEqual({ changes, rest });
});

it.each([
  [true, 'yes'],
  [0, '0'],
  [null, null],
  [[], ''],
  [{ a: 1 }, '{"a":1}'],
])('%j is said as %j', (value, words) => {
  expect(inWords(value)).toBe(words);
});

it.each([
  ['displayName', 'Display name'],
  ['last_seen', 'Last seen'],
  ['value', 'Value'],
])('%s is called %s', (field, words) => {
  expect(fieldWords(field)).toBe(words);
});
