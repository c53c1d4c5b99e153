/** What the list of people shows, as it stands in the address: pure, and forgiving of an address somebody has written. */
import { type PeopleSort, peopleSorts, type Role, roles } from '#contracts';

export interface PeopleFilter {
  search: string;
  role: Role | null;
  active: boolean | null;
  sort: PeopleSort;
}

export const everybody: PeopleFilter = { search: '', role: null, active: null, sort: '-createdAt' };

const oneOf = <Value extends string>(values: readonly Value[], value: string | null): Value | null =>
  values.find((known) => known === value) ?? null;

export function readFilter(query: URLSearchParams): PeopleFilter {
  const active = oneOf(['true', 'false'], query.get('active'));
  return {
    search: (query.get('search') ?? '').slice(0, 200),
    role: oneOf(roles, query.get('role')),
    active: active && active === 'true',
    sort: oneOf(peopleSorts, query.get('sort')) ?? everybody.sort,
  };
}

/** The same names as the API's; what is as always is left out. */
export function writeFilter({ search, role, active, sort }: PeopleFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (search.trim() !== '') query.set('search', search.trim());
  if (role !== null) query.set('role', role);
  if (active !== null) query.set('active', String(active));
  if (sort !== everybody.sort) query.set('sort', sort);
  return query;
}

export function peopleAddress(filter: PeopleFilter): string {
  const query = writeFilter(filter);
  return query.size === 0 ? '/admin/people' : `/admin/people?${query}`;
}

export const personAddress = (id: string): string => `/admin/person?${new URLSearchParams({ id })}`;

export const isNarrowed = ({ search, role, active }: PeopleFilter): boolean =>
  search !== '' || role !== null || active !== null;

type SortField = 'displayName' | 'lastSignInAt' | 'createdAt';

export function sortedBy(sort: PeopleSort, field: SortField): 'ascending' | 'descending' | null {
  return sort === field ? 'ascending' : sort === `-${field}` ? 'descending' : null;
}

/** By a column anew: names from A, times from the latest; once more turns it around. */
export function sortBy(field: SortField, current: PeopleSort): PeopleSort {
  const [first, second] =
    field === 'displayName' ? [field, `-${field}` as const] : [`-${field}` as const, field];
  return current === first ? second : first;
}
