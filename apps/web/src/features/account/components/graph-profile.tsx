'use client';

import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import type { GraphProfileAnswer } from '#contracts';
import { ProblemNotice } from '../../../components/problem-notice.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { needsConfirmation, toProblem } from '../../../lib/problem.ts';
import { useSession } from '../../../lib/session.ts';
import { graphProfileQuery } from '../api/get-graph-profile.ts';
import { AccountSection, Fact, Facts } from './account-section.tsx';
import { ConfirmNotice } from './confirm-notice.tsx';

const tokenSources = { cache: 'Token from the cache', refreshed: 'Token refreshed for this' };

/** What Microsoft Graph says of the person, asked with their own token: the proof that it works beyond the chat. */
export function GraphProfile() {
  const { data, error, isFetching, refetch } = useQuery(graphProfileQuery);
  return (
    <AccountSection
      title="Microsoft Graph"
      about="Your profile as Microsoft Graph gives it, asked for with your own access just now."
      badge={data && <Badge>{tokenSources[data.tokenSource]}</Badge>}
    >
      {error !== null && <GraphProblem error={error} />}
      {data === undefined ? error === null && <ProfileSkeleton /> : <Profile profile={data.profile} />}
      <div>
        <Button
          variant="outline"
          size="sm"
          aria-disabled={isFetching}
          onClick={() => !isFetching && void refetch()}
        >
          <RotateCw /> {isFetching ? 'Loading…' : 'Load again'}
        </Button>
      </div>
    </AccountSection>
  );
}

function GraphProblem({ error }: { error: Error }) {
  const { azureToken } = useSession();
  if (!needsConfirmation(toProblem(error).code)) return <ProblemNotice error={error} />;
  if (azureToken.status !== 'needs_interaction') return <ConfirmNotice />;
  return <p className="text-muted-foreground">Confirm above that it is you. Then it can be loaded.</p>;
}

function Profile({ profile }: { profile: GraphProfileAnswer['profile'] }) {
  const facts = [
    ['Name', profile.displayName],
    ['First name', profile.givenName],
    ['Last name', profile.surname],
    ['E-mail', profile.mail],
    ['Sign-in name', profile.userPrincipalName],
    ['Job title', profile.jobTitle],
    ['Department', profile.department],
    ['Object id', profile.id],
  ] as const;
  return (
    <Facts>
      {facts.map(([name, value]) => (
        <Fact key={name} name={name}>
          {value ?? <span className="text-muted-foreground">Not set</span>}
        </Fact>
      ))}
    </Facts>
  );
}

function ProfileSkeleton() {
  return (
    <output aria-label="Loading your profile" aria-busy className="grid gap-3">
      {['w-56', 'w-40', 'w-64', 'w-48'].map((width) => (
        <Skeleton key={width} className={`h-5 max-w-full ${width}`} />
      ))}
    </output>
  );
}
