'use client';

import Link from 'next/link';
import type { AdministeredSession } from '#contracts';
import { Badge } from '../../../../components/ui/badge.tsx';
import {
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
} from '../../../../components/ui/table.tsx';
import { When } from '../../../../components/when.tsx';
import { methodNames } from '../../../account/describe.ts';
import { personAddress } from '../../people/people-address.ts';
import { EndSessionButton } from './end-session-button.tsx';

interface SessionsTableProps {
  label: string;
  sessions: readonly AdministeredSession[];
  /** Whose each is; left out on a person's own page. */
  withPerson?: boolean;
}

export function SessionsTable({ label, sessions, withPerson = false }: SessionsTableProps) {
  return (
    <Table label={label}>
      <TableHead>
        {withPerson && <TableColumn>Person</TableColumn>}
        <TableColumn>Device</TableColumn>
        <TableColumn>Signed in</TableColumn>
        <TableColumn>Last used</TableColumn>
        <TableColumn>Ends at the latest</TableColumn>
        <TableColumn>
          <span className="sr-only">Acts</span>
        </TableColumn>
      </TableHead>
      <TableBody>
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} withPerson={withPerson} />
        ))}
      </TableBody>
    </Table>
  );
}

function SessionRow({ session, withPerson }: { session: AdministeredSession; withPerson: boolean }) {
  const { user, firstAddress, lastAddress } = session;
  return (
    <TableRow>
      {withPerson && (
        <TableCell>
          <Link
            href={personAddress(user.id)}
            prefetch={false}
            className="rounded font-medium outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
          >
            {user.displayName}
          </Link>
          <div className="text-muted-foreground">{user.email ?? 'No e-mail address'}</div>
        </TableCell>
      )}
      <TableCell label="Device">
        {session.device}
        <div className="text-muted-foreground">{methodNames[session.method]}</div>
      </TableCell>
      <TableCell label="Signed in">
        <When time={session.createdAt} />
        {firstAddress !== null && <div className="text-muted-foreground">from {firstAddress}</div>}
      </TableCell>
      <TableCell label="Last used">
        <When time={session.lastSeenAt} />
        {lastAddress !== null && lastAddress !== firstAddress && (
          <div className="text-muted-foreground">from {lastAddress}</div>
        )}
      </TableCell>
      <TableCell label="Ends by">
        <When time={session.absoluteExpiresAt} />
      </TableCell>
      <TableCell className="md:text-right">
        {session.isCurrent ? <Badge>This session</Badge> : <EndSessionButton session={session} />}
      </TableCell>
    </TableRow>
  );
}
