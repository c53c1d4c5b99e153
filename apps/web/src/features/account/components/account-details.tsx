'use client';

import Link from 'next/link';
import { Button } from '../../../components/ui/button.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { formatDateTime } from '../../../lib/format-time.ts';
import { useSession } from '../../../lib/session.ts';
import { methodNames } from '../describe.ts';
import { AccountSection, Fact, Facts } from './account-section.tsx';
import { AzureAccess } from './azure-access.tsx';
import { GraphProfile } from './graph-profile.tsx';
import { HeldRoles } from './held-roles.tsx';

export function AccountDetails() {
  const { user, session } = useSession();
  return (
    <div className="grid gap-5">
      <AccountSection title="Profile" about="From your organisation’s directory, read at each sign-in.">
        <Facts>
          <Fact name="Name">{user.displayName}</Fact>
          <Fact name="E-mail">{user.email ?? 'None'}</Fact>
        </Facts>
      </AccountSection>
      <HeldRoles />
      <AzureAccess />
      <GraphProfile />
      <AccountSection title="This session" about="It ends when the first of the two last times is reached.">
        <Facts>
          <Fact name="Signed in with">{methodNames[session.method]}</Fact>
          <Fact name="Since">{formatDateTime(session.createdAt)}</Fact>
          <Fact name="Identity confirmed">{formatDateTime(session.authenticatedAt)}</Fact>
          <Fact name="Ends without activity">{formatDateTime(session.idleExpiresAt)}</Fact>
          <Fact name="Ends at the latest">{formatDateTime(session.absoluteExpiresAt)}</Fact>
        </Facts>
        <div>
          <Button asChild size="sm" variant="outline">
            <Link href="/account/sessions">All sessions and devices</Link>
          </Button>
        </div>
      </AccountSection>
    </div>
  );
}

export function AccountSkeleton() {
  return (
    <div aria-busy>
      <div className="h-14 border-b" />
      <section aria-label="Loading your account" className="mx-auto grid max-w-3xl gap-5 px-4 py-8">
        <Skeleton className="h-8 w-40" />
        {['Profile', 'Roles', 'Azure', 'Graph'].map((part) => (
          <Skeleton key={part} shape="rounded-2xl" className="h-44" />
        ))}
      </section>
    </div>
  );
}
