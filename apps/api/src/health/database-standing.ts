/** What one look at the database has shown. */
export type Look = { answerMs: number; missingMigrations: string[]; isReadOnly: boolean } | 'failed';

export type DatabaseStanding =
  | { status: 'up' | 'degraded'; missingMigrations: string[]; told: Record<string, number | boolean> }
  | { status: 'down' };

/** An answer later than that is a slow one; it is what a request meets several times over. */
export const slowAfterMs = 1_000;

/**
 * Slow is not away: were every process taken out of the balancer because the one database is slow, nobody would be
 * served at all. So a look that is not answered yet counts as slow until it fails, if the one before was answered.
 */
export function standingOf(look: Look | null, before: Look | null, waitedMs: number): DatabaseStanding {
  const known = look ?? before;
  if (known === null || known === 'failed') return { status: 'down' };
  const answerMs = look === null ? waitedMs : known.answerMs;
  const isSlow = look === null || answerMs > slowAfterMs;
  return {
    status: isSlow || known.isReadOnly ? 'degraded' : 'up',
    missingMigrations: known.missingMigrations,
    told: {
      ...(isSlow ? { degraded: true, answerMs } : {}),
      ...(known.isReadOnly ? { degraded: true, readOnly: true } : {}),
    },
  };
}
