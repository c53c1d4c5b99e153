import { Injectable } from '@nestjs/common';
import type { AzureToken } from '#contracts';
import { Clock, Database, secondsAfter } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { failureClasses } from '../entra/entra-failure.ts';
import { needsPerson } from './token-status.ts';

const statuses = ['fresh', 'expiring', 'expired', 'needs_interaction', 'none'] as const;

/** Counts the rows of the vault by what `tokenStatus` says of each. */
@Injectable()
export class TokenHealth {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: AuthConfig,
  ) {}

  async count(): Promise<Record<AzureToken['status'], number>> {
    const now = this.clock.now();
    const counted = await this.database.rows<{ status: AzureToken['status']; count: number }>(
      `SELECT CASE
           WHEN failure_class = ANY ($3) THEN 'needs_interaction'
           WHEN expires_at IS NULL THEN 'none'
           WHEN expires_at <= $1 THEN 'expired'
           WHEN expires_at <= $2 THEN 'expiring'
           ELSE 'fresh' END AS status, count(*)::int AS count
       FROM token_caches GROUP BY 1`,
      [now, secondsAfter(now, this.config.refreshBufferSeconds), failureClasses.filter(needsPerson)],
    );
    const none = Object.fromEntries(statuses.map((status) => [status, 0]));
    return { ...none, ...Object.fromEntries(counted.map(({ status, count }) => [status, count])) } as Record<
      AzureToken['status'],
      number
    >;
  }
}
