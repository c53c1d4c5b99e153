import type { Overview } from '#contracts';

export interface Totals {
  signIns: number;
  failed: number;
  tokens: number;
  requests: number;
}

/** Over the days of the range. */
export function totals({ signIns, usage }: Pick<Overview, 'signIns' | 'usage'>): Totals {
  const sum = { signIns: 0, failed: 0, tokens: 0, requests: 0 };
  for (const { succeeded, failed } of signIns) {
    for (const count of Object.values(succeeded)) sum.signIns += count;
    sum.failed += failed;
  }
  for (const { inputTokens, outputTokens, requests } of usage) {
    sum.tokens += inputTokens + outputTokens;
    sum.requests += requests;
  }
  return sum;
}

/** Nobody but whoever is looking, and nothing asked yet. */
export const isNew = (overview: Pick<Overview, 'people' | 'signIns' | 'usage'>): boolean =>
  overview.people.total <= 1 && totals(overview).requests === 0;
