'use client';

import { useQuery } from '@tanstack/react-query';
import { DayChart } from '../../../../components/charts/day-chart.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { usageSeries } from '../../overview/components/usage-chart.tsx';
import { personUsageQuery } from '../api/get-person-usage.ts';

const title = 'Usage';
const about = 'Tokens of Azure OpenAI by day, in UTC.';

export function UsagePanel({ personId }: { personId: string }) {
  const { data, error, refetch } = useQuery(personUsageQuery(personId));
  if (data === undefined)
    return (
      <Panel title={title} about={about}>
        {error ? (
          <ProblemNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton className="h-40" shape="rounded-xl" />
        )}
      </Panel>
    );
  return (
    <DayChart
      title={title}
      about={about}
      rows={data.usage}
      series={usageSeries}
      nothing={`They have asked nothing in the last ${data.usage.length} days.`}
    />
  );
}
