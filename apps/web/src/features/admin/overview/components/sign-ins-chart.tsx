'use client';

import type { Overview } from '#contracts';
import { DayChart } from '../../../../components/charts/day-chart.tsx';
import type { Series } from '../../../../components/charts/series.ts';

type Method = keyof Overview['signIns'][number]['succeeded'];

const series: readonly Series<Method | 'failed'>[] = [
  { key: 'authorization_code', name: 'Microsoft sign-in page', color: 'var(--chart-1)' },
  { key: 'device_code', name: 'Device code', color: 'var(--chart-2)' },
  { key: 'azure_cli', name: 'Azure CLI', color: 'var(--chart-3)' },
  { key: 'api_bearer', name: 'API callers', color: 'var(--chart-4)' },
  { key: 'failed', name: 'Failed', color: 'var(--destructive)', hatched: true },
];

export function SignInsChart({ signIns }: Pick<Overview, 'signIns'>) {
  return (
    <DayChart
      title="Sign-ins"
      about="By day and by how people came in."
      rows={signIns.map(({ day, succeeded, failed }) => ({ day, ...succeeded, failed }))}
      series={series}
      nothing="Nobody has signed in during these days."
    />
  );
}
