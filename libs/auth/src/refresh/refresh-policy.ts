/** What follows from a refresh that failed, as a table; and for how long nobody asks again. */
import { secondsAfter } from '#platform';
import type { FailureClass } from '../entra/entra-failure.ts';

export interface Treatment {
  /** The first wait and the longest, in seconds; each failure in a row doubles it. Null: only the person can help. */
  retry: { first: number; longest: number } | null;
  /** Whose affair it is; everybody else goes on with the token that they have. */
  tells: 'nobody' | 'person' | 'operator';
  endsSessions: boolean;
}

export const treatments: Record<FailureClass, Treatment> = {
  transient: { retry: { first: 5, longest: 600 }, tells: 'nobody', endsSessions: false },
  operator: { retry: { first: 60, longest: 900 }, tells: 'operator', endsSessions: false },
  sign_in_again: { retry: null, tells: 'person', endsSessions: false },
  interaction: { retry: null, tells: 'person', endsSessions: false },
  blocked: { retry: null, tells: 'person', endsSessions: true },
};

export interface FailureSoFar {
  failureClass: FailureClass;
  /** Failures in a row, this one included. */
  count: number;
  /** The wait that Entra asked for. */
  retryAfterSeconds?: number | undefined;
}

/** A wait is believed up to this; a clock or a header that is wrong must not silence us for days. */
const longestRetryAfter = 3600;

/** Half of the back-off is chance, so that those who failed together do not come back together. `random` is from 0 to 1. */
export function backOffSeconds(
  { first, longest }: { first: number; longest: number },
  count: number,
  random: number,
): number {
  return Math.min(longest, first * 2 ** Math.min(count - 1, 30)) * (0.5 + random / 2);
}

/** Null: not again before the person has helped. */
export function retryAt(failure: FailureSoFar, now: Date, random: number): Date | null {
  const { retry } = treatments[failure.failureClass];
  if (!retry) return null;
  const asked = Math.min(failure.retryAfterSeconds ?? 0, longestRetryAfter);
  // What Entra asked for is the least; beyond it those who wait spread as well.
  return secondsAfter(now, Math.max(asked * (1 + random / 4), backOffSeconds(retry, failure.count, random)));
}
