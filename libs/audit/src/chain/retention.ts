import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, Leases } from '#platform';
import { AuditLog } from '../audit-log.ts';

const lookEveryMs = 3_600_000;
const batch = 10_000;

interface DroppedRange {
  first_sequence: string;
  last_sequence: string;
  entries: string;
  hash: Buffer;
  why: string;
}

/**
 * Drops what is older than AUDIT_RETENTION_DAYS. The database decides what that is, by the policy that the migrating role
 * has written; this only asks for it, and records it like any other act.
 */
@Injectable()
export class Retention {
  private readonly logger = new Logger(Retention.name);

  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly leases: Leases,
  ) {}

  @Interval(lookEveryMs)
  async look(): Promise<void> {
    if (!(await this.leases.hold('audit-retention', lookEveryMs / 1000))) return;
    await this.drop();
  }

  /** Returns how many entries have gone. */
  async drop(): Promise<number> {
    let dropped = 0;
    for (;;) {
      const range = await this.database.transaction(() => this.dropBatch());
      if (!range) return dropped;
      dropped += Number(range.entries);
      if (Number(range.entries) < batch) return dropped;
    }
  }

  private async dropBatch(): Promise<DroppedRange | undefined> {
    const [range] = await this.database.rows<DroppedRange>('SELECT * FROM drop_expired_audit_entries($1)', [
      batch,
    ]);
    if (!range) return undefined;
    const details = {
      firstSequence: Number(range.first_sequence),
      lastSequence: Number(range.last_sequence),
      entries: Number(range.entries),
      hash: range.hash.toString('hex'),
      why: range.why,
    };
    await this.audit.record({ action: 'audit.entries_dropped', details });
    this.logger.log({ msg: 'old audit entries were dropped', ...details });
    return range;
  }
}
