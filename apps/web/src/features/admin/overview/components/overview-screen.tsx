'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { useAttended } from '../../../../lib/use-attended.ts';
import { useMay } from '../../../../lib/session.ts';
import { AdminPage } from '../../shell/admin-page.tsx';
import { overviewQuery } from '../api/get-overview.ts';
import { useRange } from '../range.ts';
import { FailuresPanel } from './failures-panel.tsx';
import { Headline } from './headline.tsx';
import { LatestEntries } from './latest-entries.tsx';
import { OverviewSkeleton } from './overview-skeleton.tsx';
import { RangePicker } from './range-picker.tsx';
import { SignInsChart } from './sign-ins-chart.tsx';
import { TokenHealthPanel } from './token-health-panel.tsx';
import { TopPeoplePanel } from './top-people-panel.tsx';
import { UsageChart } from './usage-chart.tsx';

export function OverviewScreen() {
  const [days, choose] = useRange();
  const attended = useAttended();
  const mayReadLog = useMay('audit.read');
  const query = useQuery({ ...overviewQuery(days), refetchInterval: attended && 30_000 });
  const { data, error, isPlaceholderData } = query;
  return (
    <AdminPage
      title="Overview"
      about={`The last ${days} days; a day begins at midnight UTC.`}
      actions={<RangePicker days={days} onChoose={choose} />}
    >
      {error && <ProblemNotice error={error} onRetry={() => void query.refetch()} className="mb-5" />}
      {data === undefined && !error && <OverviewSkeleton />}
      {data !== undefined && (
        <div aria-busy={isPlaceholderData} className="grid gap-5">
          <Headline overview={data} />
          <SignInsChart signIns={data.signIns} />
          <UsageChart usage={data.usage} />
          <Pair>
            <TokenHealthPanel azureTokens={data.azureTokens} />
            <TopPeoplePanel people={data.usageByPerson} />
          </Pair>
          <Pair>
            <FailuresPanel failures={data.failures} />
            {mayReadLog && <LatestEntries attended={attended} />}
          </Pair>
        </div>
      )}
    </AdminPage>
  );
}

function Pair({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-2">{children}</div>;
}
