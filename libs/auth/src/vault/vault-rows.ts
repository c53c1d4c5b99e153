/**
 * The vault's rows, as refreshing needs them. A row is leased before Entra is asked for its person, so that one process
 * asks at a time; the lease of one that dies lapses. A write names the version that was read: that is the fence, so a
 * winner that comes late, after a sign-in, a wipe or another refresh, writes nothing.
 */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, Database, Sealer, secondsAfter } from '#platform';
import type { FailureClass } from '../entra/entra-failure.ts';
import { TokenCache } from './token-cache.entity.ts';
import { openContent, sealContent, type VaultContent } from './vault-content.ts';

export interface Held {
  row: TokenCache;
  content: VaultContent;
}

/** Two calls to Entra that both run into their timeout, and nobody waits longer for a process that died. */
export const leaseSeconds = 35;

const columns = Object.entries({
  userId: 'user_id',
  sealed: 'sealed',
  version: 'version',
  client: 'client',
  expiresAt: 'expires_at',
  refreshDueAt: 'refresh_due_at',
  lastRefreshedAt: 'last_refreshed_at',
  failureClass: 'failure_class',
  failureCount: 'failure_count',
  leaseHolder: 'lease_holder',
  leaseUntil: 'lease_until',
  updatedAt: 'updated_at',
} satisfies Record<keyof TokenCache, string>)
  .map(([field, column]) => `token_caches.${column} AS "${field}"`)
  .join(', ');

@Injectable()
export class VaultRows {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  /** Throws UnsealError. */
  open(row: TokenCache): Held {
    return { row, content: openContent(this.sealer, row.userId, row.sealed) };
  }

  async find(userId: string): Promise<Held | null> {
    const [row] = await this.database.rows<TokenCache>(
      `SELECT ${columns} FROM token_caches WHERE user_id = $1`,
      [userId],
    );
    return row ? this.open(row) : null;
  }

  /** Null while somebody else holds it, and where there is none. */
  async lease(userId: string): Promise<TokenCache | null> {
    const now = this.clock.now();
    const [row] = await this.database.rows<TokenCache>(
      `UPDATE token_caches SET lease_holder = $2, lease_until = $3
       WHERE user_id = $1 AND (lease_until IS NULL OR lease_until <= $4) RETURNING ${columns}`,
      [userId, randomUUID(), secondsAfter(now, leaseSeconds), now],
    );
    return row ?? null;
  }

  /** What has fallen due by `time` and nobody holds, of people with a live session; the longest due first. */
  leaseDue(time: Date, most: number): Promise<TokenCache[]> {
    const now = this.clock.now();
    return this.database.rows<TokenCache>(
      `WITH due AS MATERIALIZED (
         SELECT user_id FROM token_caches
         WHERE refresh_due_at <= $1 AND (lease_until IS NULL OR lease_until <= $2) AND EXISTS (
           SELECT 1 FROM sessions
           WHERE sessions.user_id = token_caches.user_id AND revoked_at IS NULL AND idle_expires_at > $2)
         ORDER BY refresh_due_at LIMIT $3 FOR UPDATE OF token_caches SKIP LOCKED)
       UPDATE token_caches SET lease_holder = $4, lease_until = $5 FROM due
       WHERE token_caches.user_id = due.user_id RETURNING ${columns}`,
      [time, now, most, randomUUID(), secondsAfter(now, leaseSeconds)],
    );
  }

  async countDue(time: Date): Promise<number> {
    const [found] = await this.database.rows<{ count: string }>(
      'SELECT count(*) FROM token_caches WHERE refresh_due_at <= $1',
      [time],
    );
    return Number(found?.count ?? 0);
  }

  async lowestExpiry(): Promise<Date | null> {
    const [found] = await this.database.rows<{ lowest: Date | null }>(
      'SELECT min(expires_at) AS lowest FROM token_caches WHERE refresh_due_at IS NOT NULL',
    );
    return found?.lowest ?? null;
  }

  async release({ userId, leaseHolder }: TokenCache): Promise<void> {
    if (!leaseHolder) return;
    await this.database
      .repository(TokenCache)
      .update({ userId, leaseHolder }, { leaseHolder: null, leaseUntil: null });
  }

  /** False when what was read is no longer there: then nothing was written. */
  async save(row: TokenCache, content: VaultContent, changes: RowChanges = {}): Promise<boolean> {
    const { userId, version } = row;
    const { affected } = await this.database.repository(TokenCache).update(
      { userId, version },
      {
        ...changes,
        sealed: sealContent(this.sealer, userId, content),
        version: version + 1,
        leaseHolder: null,
        leaseUntil: null,
        updatedAt: this.clock.now(),
      },
    );
    return affected === 1;
  }

  /** Only while the lease is ours: a failure that comes late says nothing about what a successor brings. */
  async fail(row: TokenCache, { failureClass, retryAt }: Failure): Promise<boolean> {
    const { userId, version, leaseHolder, failureCount } = row;
    if (!leaseHolder) return false;
    const { affected } = await this.database.repository(TokenCache).update(
      { userId, version, leaseHolder },
      {
        failureClass,
        failureCount: failureCount + 1,
        refreshDueAt: retryAt,
        leaseHolder: null,
        leaseUntil: null,
        updatedAt: this.clock.now(),
      },
    );
    return affected === 1;
  }

  /** One that cannot be opened. */
  async postpone({ userId, version, failureCount }: TokenCache, refreshDueAt: Date | null): Promise<void> {
    await this.database
      .repository(TokenCache)
      .update({ userId, version }, { refreshDueAt, failureCount: failureCount + 1 });
  }
}

export type RowChanges = Partial<
  Pick<TokenCache, 'expiresAt' | 'refreshDueAt' | 'lastRefreshedAt' | 'failureClass' | 'failureCount'>
>;

export interface Failure {
  failureClass: FailureClass;
  /** Null where asking again in the person's absence cannot help. */
  retryAt: Date | null;
}
