'use client';

import Link from 'next/link';
import type { PeopleSort, Person } from '#contracts';
import { Badge } from '../../../../components/ui/badge.tsx';
import {
  SortedColumn,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
} from '../../../../components/ui/table.tsx';
import { When } from '../../../../components/when.tsx';
import { roleNames } from '../../../account/describe.ts';
import { personAddress, sortBy, sortedBy } from '../people-address.ts';
import { StateBadge } from './state-badge.tsx';

interface PeopleTableProps {
  people: readonly Person[];
  sort: PeopleSort;
  onSort: (sort: PeopleSort) => void;
  /** Others are on their way. */
  busy: boolean;
}

export function PeopleTable({ people, sort, onSort, busy }: PeopleTableProps) {
  const column = (field: Parameters<typeof sortBy>[0], name: string) => (
    <SortedColumn sorted={sortedBy(sort, field)} onSort={() => onSort(sortBy(field, sort))}>
      {name}
    </SortedColumn>
  );
  return (
    <Table label="People" aria-busy={busy} className={busy ? 'opacity-60' : ''}>
      <TableHead>
        {column('displayName', 'Name')}
        <TableColumn>Department</TableColumn>
        <TableColumn>Roles</TableColumn>
        <TableColumn>State</TableColumn>
        {column('lastSignInAt', 'Last sign-in')}
        {column('createdAt', 'First seen')}
      </TableHead>
      <TableBody>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </TableBody>
    </Table>
  );
}

function PersonRow({ person }: { person: Person }) {
  const roles = [...new Set(person.roles.map(({ role }) => role))];
  return (
    <TableRow className="hover:bg-accent/50">
      <TableCell>
        <Link
          href={personAddress(person.id)}
          prefetch={false}
          className="rounded font-medium outline-none after:absolute after:inset-0 focus-visible:ring-2 focus-visible:ring-ring"
        >
          {person.displayName}
        </Link>
        <div className="text-muted-foreground">{person.email ?? 'No e-mail address'}</div>
      </TableCell>
      <TableCell label="Department">
        {person.department ?? <span className="text-muted-foreground">None</span>}
        {person.jobTitle !== null && <div className="text-muted-foreground">{person.jobTitle}</div>}
      </TableCell>
      <TableCell label="Roles">
        {roles.length === 0 && <span className="text-muted-foreground">None</span>}
        <div className="flex flex-wrap gap-1">
          {roles.map((role) => (
            <Badge key={role}>{roleNames[role].name}</Badge>
          ))}
        </div>
      </TableCell>
      <TableCell label="State">
        <StateBadge isActive={person.isActive} />
      </TableCell>
      <TableCell label="Last sign-in">
        <When time={person.lastSignInAt} />
      </TableCell>
      <TableCell label="First seen">
        <When time={person.createdAt} />
      </TableCell>
    </TableRow>
  );
}
