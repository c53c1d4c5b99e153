import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock, currentRequest, inRequest, type RequestContext } from '#platform';
import { AuditLog, type AuditRecord } from '../audit-log.ts';
import { AuditMetrics } from '../audit-metrics.ts';
import { RefusalWindows } from './refusal-windows.ts';

const windowMs = 60_000;
/** Distinct kinds in one window: with the one entry at its beginning and the one at its end, twice as many entries. */
const mostKinds = 500;
const lookEveryMs = 10_000;

const nobody: RequestContext = { requestId: '', address: null, userAgent: null };

/** Requests that were refused: the first of a kind (who, what, why) at once, those that follow within a minute as one sum. */
@Injectable()
export class Refusals implements BeforeApplicationShutdown {
  private readonly windows = new RefusalWindows<RequestContext>(windowMs, mostKinds);

  constructor(
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly metrics: AuditMetrics,
  ) {}

  /** Whatever happens here, the refusal stands. */
  async note(code: string, call: string, resource?: AuditRecord['resource']): Promise<void> {
    this.metrics.refused(code);
    const context = { ...(currentRequest() ?? nobody) };
    const who = context.actor?.id ?? context.address ?? '';
    if (this.windows.note({ code, call, who }, context, this.clock.now()))
      await this.write({ code, call }, resource);
  }

  @Interval(lookEveryMs)
  look(): Promise<void> {
    return this.flush(this.clock.now());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.flush(null);
  }

  private async flush(now: Date | null): Promise<void> {
    for (const { refusal, context, count, firstAt, lastAt } of this.windows.ended(now)) {
      const { code, call, who } = refusal;
      const details = { code, call, count, firstAt, lastAt };
      // Those who are no longer told apart have no name.
      await inRequest(who === '*' ? nobody : context, () => this.write(details));
    }
  }

  private write(details: Record<string, unknown>, resource?: AuditRecord['resource']): Promise<void> {
    return this.audit.recordIfPossible({ action: 'access.denied', outcome: 'failure', details, resource });
  }
}
