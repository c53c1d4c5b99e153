import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, secondsAfter } from '../clock.ts';
import { Database } from '../database/database.ts';

/** Lets one process at a time do what must not be done twice. A holder that dies is succeeded when its lease lapses. */
@Injectable()
export class Leases {
  private readonly holder = randomUUID();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Takes or renews the lease; false while another process holds it. */
  async hold(name: string, seconds: number): Promise<boolean> {
    const now = this.clock.now();
    const held = await this.database.rows(
      `INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
       WHERE leases.holder = excluded.holder OR leases.until < $4
       RETURNING name`,
      [name, this.holder, secondsAfter(now, seconds), now],
    );
    return held.length === 1;
  }

  /** For who is done before the time is over; nothing where another has it. */
  async release(name: string): Promise<void> {
    await this.database.rows('DELETE FROM leases WHERE name = $1 AND holder = $2', [name, this.holder]);
  }
}
