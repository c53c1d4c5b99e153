'use client';

import { useEffect, useState } from 'react';
import { type PeopleSort, peopleSorts, roles } from '#contracts';
import { SelectField, TextField } from '../../../../components/ui/field.tsx';
import { roleNames } from '../../../account/describe.ts';
import type { PeopleFilter } from '../people-address.ts';

const typingPauseMs = 250;

const sortNames: Readonly<Record<PeopleSort, string>> = {
  '-createdAt': 'Newest first',
  createdAt: 'Oldest first',
  displayName: 'Name, A to Z',
  '-displayName': 'Name, Z to A',
  '-lastSignInAt': 'Last sign-in, latest first',
  lastSignInAt: 'Last sign-in, earliest first',
};

interface PeopleFiltersProps {
  filter: PeopleFilter;
  onChange: (changes: Partial<PeopleFilter>) => void;
}

export function PeopleFilters({ filter, onChange }: PeopleFiltersProps) {
  const { role, active, sort } = filter;
  return (
    <search className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-[minmax(0,1fr)_11rem_9rem]">
      <SearchField search={filter.search} onChange={onChange} />
      <SelectField
        label="Role"
        value={role ?? ''}
        onChange={({ target }) => onChange({ role: roles.find((known) => known === target.value) ?? null })}
      >
        <option value="">Any role</option>
        {roles.map((known) => (
          <option key={known} value={known}>
            {roleNames[known].name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="State"
        value={active === null ? '' : String(active)}
        onChange={({ target }) => onChange({ active: target.value === '' ? null : target.value === 'true' })}
      >
        <option value="">Any state</option>
        <option value="true">Active</option>
        <option value="false">Disabled</option>
      </SelectField>
      {/* Where the columns are not there to be clicked. */}
      <SelectField
        label="Sorted by"
        className="col-span-2 md:hidden"
        value={sort}
        onChange={({ target }) => onChange({ sort: target.value as PeopleSort })}
      >
        {peopleSorts.map((known) => (
          <option key={known} value={known}>
            {sortNames[known]}
          </option>
        ))}
      </SelectField>
    </search>
  );
}

/** Searches when one pauses to type, or at once with Enter. */
function SearchField({ search, onChange }: { search: string; onChange: PeopleFiltersProps['onChange'] }) {
  const [text, setText] = useState(search);
  // Changed from elsewhere: the filter was cleared, or somebody went back.
  useEffect(() => setText((typed) => (typed.trim() === search ? typed : search)), [search]);
  useEffect(() => {
    if (text.trim() === search) return;
    const timer = setTimeout(() => onChange({ search: text.trim() }), typingPauseMs);
    return () => clearTimeout(timer);
    // Only typing starts the wait: `search` follows it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [text, onChange]);
  return (
    <TextField
      label="Search"
      type="search"
      placeholder="Name or e-mail address"
      maxLength={200}
      className="max-md:col-span-2"
      value={text}
      onChange={({ target }) => setText(target.value)}
      onKeyDown={({ key }) => key === 'Enter' && onChange({ search: text.trim() })}
    />
  );
}
