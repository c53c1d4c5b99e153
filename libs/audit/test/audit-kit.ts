/** The audit log on a real database, put together by hand, with a clock that stands still; and its owner, who has every right. */
import { Registry } from 'prom-client';
import { Logger } from '@nestjs/common';
import { Leases } from '#platform';
import { FakeClock } from '#platform/testing';
import { openTestDatabase } from '../../../test/support/database.ts';
import { AuditLog, type AuditRecord } from '../src/audit-log.ts';
import { AuditMetrics } from '../src/audit-metrics.ts';
import { Retention } from '../src/chain/retention.ts';
import { ChainSealer } from '../src/chain/chain-sealer.ts';
import { Verification } from '../src/chain/verification.ts';
import { AuditExport } from '../src/export/audit-export.ts';
import { auditEntities } from '../src/index.ts';
import { AuditEntries } from '../src/reading/audit-entries.ts';

export const uma = {
  id: '33333333-3333-4333-8333-333333333333',
  email: 'uma@example.test',
  displayName: 'Uma Patel',
};

Logger.overrideLogger(false);

export async function openAudit() {
  const opened = await openTestDatabase(auditEntities);
  const { database } = opened;
  const clock = new FakeClock(new Date('2026-03-01T08:00:00Z'));
  const audit = new AuditLog(database, clock);
  const sealer = new ChainSealer(database, audit);
  const metrics = new AuditMetrics(database, sealer, new Registry());
  const entries = new AuditEntries(database, sealer);
  const leases = new Leases(database, clock);
  const record = (changes: Partial<AuditRecord> = {}) =>
    audit.record({ action: 'signed_out', actor: uma, ...changes });
  return {
    ...opened,
    clock,
    audit,
    sealer,
    metrics,
    entries,
    leases,
    verification: new Verification(database),
    retention: new Retention(database, audit, leases),
    exports: new AuditExport(entries, sealer, audit, metrics),
    record,
    async recordMany(count: number) {
      for (let index = 1; index <= count; index += 1) await record({ details: { index } });
      await sealer.sealNow();
    },
    /** As somebody does it who owns the tables: past every trigger. */
    async asOwner(...statements: string[]) {
      const tables = ['audit_entries', 'audit_chain', 'audit_dropped_ranges'];
      const triggers = (state: string) =>
        database.rows(tables.map((table) => `ALTER TABLE ${table} ${state} TRIGGER USER`).join(';'));
      await triggers('DISABLE');
      for (const sql of statements) await database.rows(sql);
      await triggers('ENABLE');
    },
  };
}
export type OpenAudit = Awaited<ReturnType<typeof openAudit>>;
