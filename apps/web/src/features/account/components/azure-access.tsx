'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { ProblemNotice } from '../../../components/problem-notice.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { takeConfirmation } from '../../../lib/confirmation.ts';
import { formatDateTime, formatDistance } from '../../../lib/format-time.ts';
import { needsConfirmation, toProblem } from '../../../lib/problem.ts';
import { adoptAzureToken, sessionQuery, useSession } from '../../../lib/session.ts';
import { useNow } from '../../../lib/use-now.ts';
import { refreshAzureToken } from '../api/refresh-azure-token.ts';
import { tokenStateNow, tokenStates } from '../describe.ts';
import { AccountSection, Fact, Facts } from './account-section.tsx';
import { ConfirmNotice } from './confirm-notice.tsx';
import { TokenBadge } from './token-badge.tsx';

/** The state of the person's own access to Azure, and what to do about it. */
export function AzureAccess() {
  const { azureToken, session } = useSession();
  const queryClient = useQueryClient();
  const now = useNow(15_000);
  const status = tokenStateNow(azureToken, now);
  const refresh = useMutation({
    mutationFn: refreshAzureToken,
    onSuccess: (renewed) => {
      adoptAzureToken(queryClient, renewed);
      toast.success('Your access to Azure is renewed.');
    },
    // What failed may have changed the state too.
    onError: () => queryClient.invalidateQueries(sessionQuery),
  });
  useEffect(() => {
    if (takeConfirmation('azure', session)) toast.success('Confirmed.');
  }, [session]);

  const refused = refresh.error !== null && needsConfirmation(toProblem(refresh.error).code);
  const needsPerson = status === 'needs_interaction' || status === 'none' || refused;
  return (
    <AccountSection
      title="Access to Azure"
      about="Your questions go to Azure OpenAI with your own access, which never leaves the server."
      badge={<TokenBadge status={status} />}
    >
      <output className="block">{tokenStates[status].means}</output>
      <Facts>
        <Fact name="Valid until">
          <Time iso={azureToken.expiresAt} now={now} />
        </Fact>
        <Fact name="Last renewed">
          <Time
            iso={azureToken.lastRefreshedAt}
            // Our clock ticks in steps: what has just happened is not ahead of it.
            now={Math.max(now, Date.parse(azureToken.lastRefreshedAt ?? '') || 0)}
          />
        </Fact>
      </Facts>
      {needsPerson && <ConfirmNotice />}
      {refresh.error !== null && !refused && <ProblemNotice error={refresh.error} />}
      <div>
        <Button
          variant="outline"
          size="sm"
          aria-disabled={refresh.isPending}
          onClick={() => !refresh.isPending && refresh.mutate()}
        >
          <RotateCw /> {refresh.isPending ? 'Refreshing…' : 'Refresh now'}
        </Button>
      </div>
    </AccountSection>
  );
}

function Time({ iso, now }: { iso: string | null; now: number }) {
  if (iso === null) return 'Not yet';
  return (
    <time dateTime={iso}>
      {formatDateTime(iso)} <span className="text-muted-foreground">({formatDistance(iso, now)})</span>
    </time>
  );
}
