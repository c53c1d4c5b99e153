import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { Database, observeGauge, oneLook } from '#platform';
import { ChainSealer } from './chain/chain-sealer.ts';

/** What an operator watches of the log; docs/operations.md says when to worry. */
@Injectable()
export class AuditMetrics {
  private readonly exports: Counter;
  private readonly exportedEntries: Counter;
  private readonly verifications: Counter;
  private readonly valid: Gauge;
  private readonly refusals: Counter;

  constructor(
    private readonly database: Database,
    private readonly sealer: ChainSealer,
    private readonly registry: Registry,
  ) {
    const registers = [registry];
    this.exports = new Counter({
      name: 'entrada_audit_exports_total',
      help: 'Exports of the audit log.',
      labelNames: ['format'],
      registers,
    });
    this.exportedEntries = new Counter({
      name: 'entrada_audit_exported_entries_total',
      help: 'Audit entries that left in an export.',
      registers,
    });
    this.verifications = new Counter({
      name: 'entrada_audit_verifications_total',
      help: 'Verifications of the audit chain.',
      labelNames: ['result'],
      registers,
    });
    this.valid = new Gauge({
      name: 'entrada_audit_chain_valid',
      help: '1 after a verification that found nothing, 0 after one that did; -1 before the first in this process.',
      registers,
    });
    this.valid.set(-1);
    this.refusals = new Counter({
      name: 'entrada_audit_refusals_total',
      help: 'Requests that were refused, each counted; the log has them summed up.',
      labelNames: ['code'],
      registers,
    });
    this.watchHead();
    this.watchQueue();
  }

  exported(format: string, entries: number): void {
    this.exports.inc({ format });
    this.exportedEntries.inc(entries);
  }

  verified(isValid: boolean): void {
    this.verifications.inc({ result: isValid ? 'valid' : 'broken' });
    this.valid.set(isValid ? 1 : 0);
  }

  refused(code: string): void {
    this.refusals.inc({ code });
  }

  /** With the hash as a label, one at a time: what a scraper keeps is an anchor outside the database. */
  private watchHead(): void {
    const { sealer } = this;
    const head: Gauge = new Gauge({
      name: 'entrada_audit_head_sequence',
      help: 'Sequence of the newest sealed audit entry; the label is its hash.',
      labelNames: ['hash'],
      registers: [],
      collect() {
        this.reset();
        if (sealer.head) this.set({ hash: sealer.head.hash }, sealer.head.sequence);
      },
    });
    this.registry.registerMetric(head);
  }

  private watchQueue(): void {
    const look = oneLook(async () => {
      const [row] = await this.database.rows<{ count: string; age: string | null }>(
        `SELECT count(*), extract(epoch FROM now() - min(occurred_at)) AS age
         FROM (SELECT entry FROM audit_unsealed LIMIT 10000) u JOIN audit_entries e ON e.sequence = u.entry`,
      );
      return { count: Number(row?.count ?? 0), age: Number(row?.age ?? 0) };
    });
    observeGauge(
      this.registry,
      {
        name: 'entrada_audit_unsealed_entries',
        help: 'Audit entries that are not sealed yet; counted up to 10000.',
      },
      async () => (await look()).count,
    );
    observeGauge(
      this.registry,
      {
        name: 'entrada_audit_unsealed_age_seconds',
        help: 'Age of the oldest audit entry that is not sealed yet.',
      },
      async () => (await look()).age,
    );
  }
}
