'use client';

import { SelectField, TextField } from '../../../../components/ui/field.tsx';
import { wordsOfActions } from '../action-words.ts';
import { fromLocalInput, type LogFilter, toLocalInput } from '../audit-address.ts';
import { TypedField } from './typed-field.tsx';

const actions = Object.entries(wordsOfActions).toSorted(([, one], [, other]) => one.localeCompare(other));

interface AuditFiltersProps {
  filter: LogFilter;
  onChange: (changes: Partial<LogFilter>) => void;
}

export function AuditFilters({ filter, onChange }: AuditFiltersProps) {
  const { action, outcome, from, to } = filter;
  const isForeign = action !== '' && !Object.hasOwn(wordsOfActions, action);
  return (
    <search className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-12">
      <TypedField
        label="Search"
        placeholder="Words, address, request id…"
        className="max-lg:col-span-2 lg:col-span-5"
        value={filter.search}
        onSettled={(search) => onChange({ search })}
      />
      <TypedField
        label="Who"
        placeholder="Name or e-mail address"
        className="max-lg:col-span-2 lg:col-span-4"
        value={filter.actor}
        onSettled={(actor) => onChange({ actor })}
      />
      <SelectField
        label="Outcome"
        className="max-lg:col-span-2 lg:col-span-3"
        value={outcome}
        onChange={({ target }) => onChange({ outcome: target.value })}
      >
        <option value="">Any outcome</option>
        <option value="success">Succeeded</option>
        <option value="failure">Failed or refused</option>
      </SelectField>
      <SelectField
        label="What happened"
        className="max-lg:col-span-2 lg:col-span-6"
        value={action}
        onChange={({ target }) => onChange({ action: target.value })}
      >
        <option value="">Anything</option>
        {isForeign && <option value={action}>{action}</option>}
        {actions.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </SelectField>
      <TextField
        label="From"
        type="datetime-local"
        className="max-sm:col-span-2 lg:col-span-3"
        value={toLocalInput(from)}
        onChange={({ target }) => onChange({ from: fromLocalInput(target.value) })}
      />
      <TextField
        label="Until"
        type="datetime-local"
        className="max-sm:col-span-2 lg:col-span-3"
        value={toLocalInput(to)}
        onChange={({ target }) => onChange({ to: fromLocalInput(target.value) })}
      />
    </search>
  );
}
