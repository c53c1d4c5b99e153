'use client';

import { useQuery } from '@tanstack/react-query';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { personUsageQuery } from '../api/get-person-usage.ts';

const inWords = new Intl.NumberFormat();

export function UsagePanel({ personId }: { personId: string }) {
  const { data, error, refetch } = useQuery(personUsageQuery(personId));
  const tokens = data?.usage.reduce((sum, day) => sum + day.inputTokens + day.outputTokens, 0) ?? 0;
  const requests = data?.usage.reduce((sum, day) => sum + day.requests, 0) ?? 0;
  return (
    <Panel title="Usage" about="Tokens of Azure OpenAI by day, in UTC.">
      {data === undefined && error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <Skeleton className="h-40" shape="rounded-xl" />}
      {data !== undefined && requests === 0 && (
        <p className="text-muted-foreground">They have asked nothing in these {data.usage.length} days.</p>
      )}
      {requests > 0 && (
        <p>
          {inWords.format(tokens)} tokens in {inWords.format(requests)} requests
        </p>
      )}
    </Panel>
  );
}
