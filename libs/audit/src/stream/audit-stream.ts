import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock, Database, Leases } from '#platform';
import { AuditConfig } from '../config/audit-environment.ts';
import { jsonLines } from '../export/json-lines.ts';
import { AuditEntries } from '../reading/audit-entries.ts';
import { toSealedEntry } from '../reading/entry-row.ts';
import { sinkOf } from './audit-sink.ts';

const lookEveryMs = 1_000;
const leaseSeconds = 30;
const batch = 500;

/** For tests, a sink of their own. */
export const openSink = Symbol('open audit sink');

/**
 * Hands every sealed entry on, in order, at least once: its position moves after the sink has taken the lines. While the
 * sink cannot be reached nothing is lost and nobody waits; it catches up (security.md F31).
 */
@Injectable()
export class AuditStream {
  private readonly logger = new Logger(AuditStream.name);
  private isAtWork = false;
  private hasFailed = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly leases: Leases,
    private readonly entries: AuditEntries,
    private readonly config: AuditConfig,
    @Inject(openSink) private readonly open: typeof sinkOf,
  ) {}

  @Interval(lookEveryMs)
  async look(): Promise<void> {
    const { stream } = this.config;
    if (stream === null || this.isAtWork) return;
    this.isAtWork = true;
    try {
      await this.catchUp(stream);
      if (this.hasFailed) this.logger.log({ msg: 'the audit stream goes on', stream });
      this.hasFailed = false;
    } catch (error) {
      if (!this.hasFailed) this.logger.error({ msg: 'the audit stream stands still', stream, err: error });
      this.hasFailed = true;
    } finally {
      this.isAtWork = false;
    }
  }

  private async catchUp(stream: string): Promise<void> {
    const sink = this.open(stream);
    while (await this.leases.hold('audit-stream', leaseSeconds)) {
      const after = await this.position(stream);
      const rows = await this.entries.after({}, { after, upTo: Number.MAX_SAFE_INTEGER, limit: batch });
      const last = rows.at(-1);
      if (!last) return;
      await sink.write(jsonLines(rows.map((row) => ({ type: 'audit', ...toSealedEntry(row) }))));
      await this.moveTo(stream, Number(last.sequence));
    }
  }

  private async position(stream: string): Promise<number> {
    const [row] = await this.database.rows<{ sequence: string }>(
      'SELECT sequence FROM audit_stream_positions WHERE sink = $1',
      [stream],
    );
    return Number(row?.sequence ?? 0);
  }

  private async moveTo(stream: string, sequence: number): Promise<void> {
    await this.database.rows(
      `INSERT INTO audit_stream_positions (sink, sequence, moved_at) VALUES ($1, $2, $3)
       ON CONFLICT (sink) DO UPDATE SET sequence = excluded.sequence, moved_at = excluded.moved_at`,
      [stream, sequence, this.clock.now()],
    );
  }
}
