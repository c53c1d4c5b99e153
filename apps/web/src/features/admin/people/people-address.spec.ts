import { describe, expect, it } from 'vitest';
import { peopleSorts } from '#contracts';
import {
  everybody,
  peopleAddress,
  type PeopleFilter,
  readFilter,
  sortBy,
  sortedBy,
} from './people-address.ts';

describe('the address of the list of people', () => {
  it.each<[PeopleFilter, string]>([
    [everybody, '/admin/people'],
    [{ ...everybody, search: ' uma & co ' }, '/admin/people?search=uma+%26+co'],
    [{ ...everybody, role: 'admin', active: false }, '/admin/people?role=admin&active=false'],
    [{ ...everybody, active: true, sort: 'displayName' }, '/admin/people?active=true&sort=displayName'],
  ])('%j is %s, and back', (filter, address) => {
    expect(peopleAddress(filter)).toBe(address);
    const read = readFilter(new URL(address, 'https://here.invalid').searchParams);
    expect(read).toEqual({ ...filter, search: filter.search.trim() });
  });

  it.each(['role=root', 'active=perhaps', 'sort=email', 'x=1', 'sort=', ''])(
    'reads %j as everybody',
    (query) => {
      expect(readFilter(new URLSearchParams(query))).toEqual(everybody);
    },
  );

  it('takes no more of a search than the API does', () => {
    expect(readFilter(new URLSearchParams({ search: 'x'.repeat(300) })).search).toHaveLength(200);
  });
});

describe('sorting', () => {
  it('begins with A, or with the latest, and turns around', () => {
    expect(sortBy('displayName', '-createdAt')).toBe('displayName');
    expect(sortBy('displayName', 'displayName')).toBe('-displayName');
    expect(sortBy('lastSignInAt', 'displayName')).toBe('-lastSignInAt');
    expect(sortBy('lastSignInAt', '-lastSignInAt')).toBe('lastSignInAt');
    expect(sortBy('lastSignInAt', 'lastSignInAt')).toBe('-lastSignInAt');
  });

  it('is of one column only', () => {
    const fields = ['displayName', 'lastSignInAt', 'createdAt'] as const;
    for (const sort of peopleSorts)
      expect(fields.map((field) => sortedBy(sort, field)).filter(Boolean)).toEqual([
        sort.startsWith('-') ? 'descending' : 'ascending',
      ]);
  });
});
