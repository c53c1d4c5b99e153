import type { ModelFailure } from './model-failure.ts';
import type { ModelLimits } from './model-limits.ts';

export interface TriesSoFar {
  /** Tries after a wait; the one with another token does not count. */
  retries: number;
  waitedMs: number;
  credentialRenewed: boolean;
  /** Text was already shown: another try would write the answer twice. */
  textShown: boolean;
}

/** How long to wait before the next try; null to give up. `random` is from 0 to 1. */
export function nextTryAfterMs(
  failure: Pick<ModelFailure, 'retry' | 'waitMs'>,
  tries: TriesSoFar,
  limits: Pick<ModelLimits, 'retries' | 'retryWaitMs' | 'backOffMs'>,
  random: number,
): number | null {
  if (tries.textShown || failure.retry === 'never') return null;
  if (failure.retry === 'credential') return tries.credentialRenewed ? null : 0;
  if (tries.retries >= limits.retries) return null;
  // Half of the back-off is chance, so that those who were refused together do not come back together.
  const wait = failure.waitMs ?? limits.backOffMs * 2 ** tries.retries * (0.5 + random / 2);
  return tries.waitedMs + wait <= limits.retryWaitMs ? wait : null;
}
