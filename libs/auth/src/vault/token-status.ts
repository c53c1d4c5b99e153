import type { AzureToken } from '#contracts';
import { secondsAfter } from '#platform';
import type { FailureClass } from '../entra/entra-failure.ts';
import type { TokenCache } from './token-cache.entity.ts';

/** Only the person can mend these; asking Entra again in their absence cannot. */
export const needsPerson = (failure: FailureClass | null): boolean =>
  failure === 'sign_in_again' || failure === 'interaction' || failure === 'blocked';

export type Standing = Pick<TokenCache, 'expiresAt' | 'lastRefreshedAt' | 'failureClass'>;

/** The state of a person's Azure token, as the screen shows it. */
export function tokenStatus(row: Standing | null, now: Date, bufferSeconds: number): AzureToken {
  return {
    status: statusOf(row, now, bufferSeconds),
    expiresAt: row?.expiresAt?.toISOString() ?? null,
    lastRefreshedAt: row?.lastRefreshedAt?.toISOString() ?? null,
  };
}

function statusOf(
  row: Pick<TokenCache, 'expiresAt' | 'failureClass'> | null,
  now: Date,
  bufferSeconds: number,
): AzureToken['status'] {
  if (!row) return 'none';
  if (needsPerson(row.failureClass)) return 'needs_interaction';
  if (!row.expiresAt) return 'none';
  if (now >= row.expiresAt) return 'expired';
  return secondsAfter(now, bufferSeconds) >= row.expiresAt ? 'expiring' : 'fresh';
}
