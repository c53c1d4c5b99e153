import { Injectable, Logger } from '@nestjs/common';
import type { AuditVerification } from '#contracts';
import { AuditLog } from '../audit-log.ts';
import { AuditMetrics } from '../audit-metrics.ts';
import { ChainSealer } from './chain-sealer.ts';
import { Verification } from './verification.ts';

/** A verification that somebody asks for while the application runs: against the head that this process has seen, too. */
@Injectable()
export class RecordedVerification {
  private readonly logger = new Logger(RecordedVerification.name);
  private running: Promise<AuditVerification> | null = null;

  constructor(
    private readonly verification: Verification,
    private readonly sealer: ChainSealer,
    private readonly audit: AuditLog,
    private readonly metrics: AuditMetrics,
  ) {}

  /** What it found is only told once it is recorded. Those who ask meanwhile share the work, not the entry. */
  async verify(): Promise<AuditVerification> {
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    const result = await this.running;
    const { valid, ...found } = result;
    await this.audit.record({
      action: 'audit.verified',
      outcome: valid ? 'success' : 'failure',
      details: found,
    });
    return result;
  }

  private async run(): Promise<AuditVerification> {
    await this.sealer.sealNow();
    const result = await this.verification.verify(this.sealer.head ? [this.sealer.head] : []);
    this.metrics.verified(result.valid);
    if (!result.valid) this.logger.error({ msg: 'the audit log was altered', ...result });
    return result;
  }
}
