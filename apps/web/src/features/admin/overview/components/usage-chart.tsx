'use client';

import type { Overview } from '#contracts';
import { DayChart } from '../../../../components/charts/day-chart.tsx';
import type { Series } from '../../../../components/charts/series.ts';

export const usageSeries: readonly Series<'inputTokens' | 'outputTokens'>[] = [
  { key: 'inputTokens', name: 'Questions and context', color: 'var(--chart-1)' },
  { key: 'outputTokens', name: 'Answers', color: 'var(--chart-2)' },
];

export function UsageChart({ usage }: Pick<Overview, 'usage'>) {
  return (
    <DayChart
      title="Tokens used"
      about="Tokens of Azure OpenAI by day, as Azure counts them."
      rows={usage}
      series={usageSeries}
      nothing="Nobody has asked anything during these days."
    />
  );
}
