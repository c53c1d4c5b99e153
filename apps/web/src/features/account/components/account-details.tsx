'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { formatDateTime } from '../../../lib/format-time.ts';
import { confirmPath } from '../../../lib/return-path.ts';
import { useSession } from '../../../lib/session.ts';
import { methodNames, roleNames, tokenStates } from '../describe.ts';
import { TokenBadge } from './token-badge.tsx';

const orNever = (time: string | null): string => (time === null ? 'Not yet' : formatDateTime(time));

export function AccountDetails() {
  const { user, session, azureToken } = useSession();
  const needsSignIn = azureToken.status === 'needs_interaction' || azureToken.status === 'none';
  return (
    <div className="grid gap-5">
      <Section title="Profile" about="From your organisation's directory, read at each sign-in.">
        <Row name="Name">{user.displayName}</Row>
        <Row name="E-mail">{user.email ?? 'None'}</Row>
        <Row name="Roles">
          <ul className="grid gap-1.5">
            {user.roles.map((role) => (
              <li key={role} className="flex flex-wrap items-center gap-x-2">
                <Badge>{roleNames[role].name}</Badge>
                <span className="text-muted-foreground">{roleNames[role].means}</span>
              </li>
            ))}
          </ul>
        </Row>
      </Section>
      <Section title="This session" about="The session ends when the first of these times is reached.">
        <Row name="Signed in with">{methodNames[session.method]}</Row>
        <Row name="Since">{formatDateTime(session.createdAt)}</Row>
        <Row name="Ends without activity">{formatDateTime(session.idleExpiresAt)}</Row>
        <Row name="Ends at the latest">{formatDateTime(session.absoluteExpiresAt)}</Row>
        <Row name="">
          <Button asChild size="sm" variant="outline">
            <Link href="/account/sessions">All sessions and devices</Link>
          </Button>
        </Row>
      </Section>
      <Section
        title="Access to Azure"
        about="Your questions go to Azure OpenAI with your own access, which stays on the server."
      >
        <Row name="State">
          <div className="flex flex-wrap items-center gap-2">
            <TokenBadge status={azureToken.status} />
            <span className="text-muted-foreground">{tokenStates[azureToken.status].means}</span>
          </div>
        </Row>
        <Row name="Valid until">{orNever(azureToken.expiresAt)}</Row>
        <Row name="Last renewed">{orNever(azureToken.lastRefreshedAt)}</Row>
        {needsSignIn && (
          <Row name="">
            <Button asChild size="sm">
              <a href={confirmPath('azure', '/account', session.method)}>Sign in again</a>
            </Button>
          </Row>
        )}
      </Section>
    </div>
  );
}

export function AccountSkeleton() {
  return (
    <div aria-busy>
      <div className="h-14 border-b" />
      <section aria-label="Loading your account" className="mx-auto grid max-w-3xl gap-5 px-4 py-8">
        <Skeleton className="h-8 w-40" />
        {['Profile', 'Session', 'Azure'].map((part) => (
          <Skeleton key={part} shape="rounded-2xl" className="h-44" />
        ))}
      </section>
    </div>
  );
}

function Section({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  const id = title.toLowerCase().replaceAll(' ', '-');
  return (
    <section aria-labelledby={id} className="rounded-2xl border bg-card p-5">
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      <p className="mt-0.5 text-sm text-muted-foreground">{about}</p>
      <dl className="mt-4 grid gap-3 text-sm">{children}</dl>
    </section>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-0.5 sm:grid-cols-[11rem_1fr]">
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}
