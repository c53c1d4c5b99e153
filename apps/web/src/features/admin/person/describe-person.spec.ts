import { describe, expect, it } from 'vitest';
import { formOf, profileChanges, typedConfirmation } from './describe-person.ts';

const uma = { displayName: 'Uma Patel', department: 'Marketing', jobTitle: null };

describe('an edit of a profile', () => {
  it.each([
    [{}, {}],
    [{ department: 'Sales' }, { department: 'Sales' }],
    [{ department: ' Marketing ' }, {}],
    [{ department: '' }, { department: '' }],
    [{ jobTitle: '  ' }, {}],
    [
      { displayName: ' Uma P. ', jobTitle: 'Director' },
      { displayName: 'Uma P.', jobTitle: 'Director' },
    ],
  ])('%j sends %j', (typed, sent) => {
    expect(profileChanges(uma, { ...formOf(uma), ...typed })).toEqual(sent);
  });
});

it.each([
  [{ email: 'uma@contoso.com', displayName: 'Uma Patel' }, 'uma@contoso.com'],
  [{ email: null, displayName: 'Uma  Patel ' }, 'Uma Patel'],
])('deleting %j is confirmed with %s', (person, typed) => {
  expect(typedConfirmation(person)).toBe(typed);
});
