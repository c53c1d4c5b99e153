import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database, Redis } from '#platform';

const times = {
  /** After a killed process the next one starts once this has passed. */
  leaseSeconds: 5,
  renewEveryMs: 1_500,
  lookEveryMs: 300,
} as const;

/** The one holder that all processes with a Redis are together. */
const together = '5e000000-0000-4000-8000-000000000000';

/**
 * Processes that know nothing of each other would miss each other's revocations. So either one process without Redis
 * works on a database, or any number with it; a lease in Postgres tells, by the database's clock.
 */
@Injectable()
export class ProcessLease {
  private readonly holder: string;
  private renewing: NodeJS.Timeout | undefined;
  private renewal = Promise.resolve();
  private readonly logger = new Logger(ProcessLease.name);

  constructor(
    private readonly database: Database,
    @Inject(Redis) private readonly redis: Redis | null,
  ) {
    this.holder = redis ? together : randomUUID();
  }

  /** Waits for the lease of a killed process to lapse. Throws when there is somebody who renews it. */
  async take(): Promise<void> {
    let seen: string | null = null;
    while (!(await this.hold())) {
      const until = await this.heldUntil();
      if (seen !== null && until !== null && until !== seen) throw new Error(this.refusal());
      seen = until ?? seen;
      await wait(times.lookEveryMs);
    }
    this.renewing = setInterval(() => (this.renewal = this.renew()), times.renewEveryMs).unref();
  }

  /** The others hold what they hold together. A renewal under way would take back what was given. */
  async release(): Promise<void> {
    clearInterval(this.renewing);
    if (this.redis) return;
    await this.renewal;
    await this.database
      .rows(`DELETE FROM leases WHERE name = 'processes' AND holder = $1`, [this.holder])
      .catch((error: unknown) => this.logger.warn({ msg: 'the lease lapses by itself', err: error }));
  }

  private async hold(): Promise<boolean> {
    const held = await this.database.rows(
      `INSERT INTO leases (name, holder, until) VALUES ('processes', $1, now() + make_interval(secs => $2))
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
       WHERE leases.holder = excluded.holder OR leases.until < now()
       RETURNING name`,
      [this.holder, times.leaseSeconds],
    );
    return held.length === 1;
  }

  private async heldUntil(): Promise<string | null> {
    const [row] = await this.database.rows<{ until: string }>(
      `SELECT until::text FROM leases WHERE name = 'processes'`,
    );
    return row?.until ?? null;
  }

  /** Whoever was away for so long that another has taken over has to go. */
  private async renew(): Promise<void> {
    const isHeld = await this.hold().catch(() => null);
    if (isHeld !== false) return;
    clearInterval(this.renewing);
    this.logger.error(`Ending, because ${this.refusal()}`);
    process.kill(process.pid, 'SIGTERM');
  }

  private refusal(): string {
    return this.redis
      ? 'another process runs on this database without REDIS_URL. Give all of them the same one, or stop the other.'
      : 'another process runs on this database, and REDIS_URL is not set. Set it, the same for all, or stop the other.';
  }
}
