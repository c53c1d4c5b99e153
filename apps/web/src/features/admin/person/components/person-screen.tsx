'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { idParamSchema, type PersonDetail } from '#contracts';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Notice } from '../../../../components/ui/notice.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { product } from '../../../../config/product.ts';
import { toProblem } from '../../../../lib/problem.ts';
import { useMay, useSession } from '../../../../lib/session.ts';
import { AdminPage } from '../../shell/admin-page.tsx';
import { StateBadge } from '../../people/components/state-badge.tsx';
import { personQuery } from '../api/get-person.ts';
import { AccountPanel } from './account-panel.tsx';
import { AuditPanel } from './audit-panel.tsx';
import { AzurePanel } from './azure-panel.tsx';
import { ProfilePanel } from './profile-panel.tsx';
import { RolesPanel } from './roles-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { UsagePanel } from './usage-panel.tsx';

export function PersonScreen() {
  const id = useSearchParams().get('id') ?? '';
  const isId = idParamSchema.safeParse({ id }).success;
  const { data: person, error, refetch } = useQuery({ ...personQuery(id), enabled: isId });
  useEffect(() => {
    if (person) document.title = `${person.displayName} · ${product.name}`;
  }, [person]);
  const isGone = !isId || (error !== null && toProblem(error).code === 'not_found');
  return (
    <>
      <Button asChild variant="ghost" size="sm" className="-ml-3 mb-2">
        <Link href="/admin/people" prefetch={false}>
          <ArrowLeft /> People
        </Link>
      </Button>
      {isGone ? (
        <AdminPage title="Nobody here">
          <Notice title="There is no such person (any more)" announce="politely">
            They may have been deleted, or the address is not complete.
          </Notice>
        </AdminPage>
      ) : person ? (
        <Person key={person.id} person={person} stale={error} onRetry={() => void refetch()} />
      ) : error ? (
        <AdminPage title="Person">
          <ProblemNotice error={error} onRetry={() => void refetch()} />
        </AdminPage>
      ) : (
        <PersonSkeleton />
      )}
    </>
  );
}

function Person(props: { person: PersonDetail; stale: unknown; onRetry: () => void }) {
  const { person, stale, onRetry } = props;
  const isMe = useSession().user.id === person.id;
  const mayManage = useMay('users.manage');
  const maySessions = useMay('sessions.manage');
  const mayAudit = useMay('audit.read');
  return (
    <AdminPage
      title={person.displayName}
      about={person.email ?? 'No e-mail address'}
      actions={
        <>
          {isMe && <Badge>You</Badge>}
          <StateBadge isActive={person.isActive} />
        </>
      }
    >
      {stale !== null && <ProblemNotice error={stale} onRetry={onRetry} className="mb-5" />}
      <div className="grid gap-5 lg:grid-cols-2">
        <ProfilePanel person={person} />
        <RolesPanel person={person} />
        <AzurePanel person={person} />
        <UsagePanel personId={person.id} />
        {maySessions && (
          <div className="min-w-0 lg:col-span-2">
            <SessionsPanel person={person} />
          </div>
        )}
        {mayAudit && (
          <div className="min-w-0 lg:col-span-2">
            <AuditPanel personId={person.id} />
          </div>
        )}
        {mayManage && (
          <div className="min-w-0 lg:col-span-2">
            <AccountPanel person={person} />
          </div>
        )}
      </div>
    </AdminPage>
  );
}

export function PersonSkeleton() {
  return (
    <section aria-label="Loading the person" aria-busy className="grid gap-5 lg:grid-cols-2">
      <Skeleton className="h-8 w-48 lg:col-span-2" />
      {['profile', 'roles', 'azure', 'usage'].map((part) => (
        <Skeleton key={part} shape="rounded-2xl" className="h-64" />
      ))}
    </section>
  );
}
