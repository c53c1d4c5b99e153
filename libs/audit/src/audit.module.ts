import { type DynamicModule, Global, Module } from '@nestjs/common';
import { RefusalLog } from '#platform';
import { AuditController } from './audit.controller.ts';
import { AuditFigures } from './audit-figures.ts';
import { AuditLog } from './audit-log.ts';
import { AuditMetrics } from './audit-metrics.ts';
import { RecordedVerification } from './chain/recorded-verification.ts';
import { Retention } from './chain/retention.ts';
import { ChainSealer } from './chain/chain-sealer.ts';
import { Verification } from './chain/verification.ts';
import { AuditConfig } from './config/audit-environment.ts';
import { AuditExport } from './export/audit-export.ts';
import { AuditEntries } from './reading/audit-entries.ts';
import { AuditedRefusals } from './refusals/audited-refusals.ts';
import { Refusals } from './refusals/refusals.ts';
import { sinkOf } from './stream/audit-sink.ts';
import { AuditStream, openSink } from './stream/audit-stream.ts';

/** Global: whoever acts, records. */
@Global()
@Module({})
export class AuditModule {
  static forRoot(config: AuditConfig): DynamicModule {
    return {
      module: AuditModule,
      controllers: [AuditController],
      providers: [
        { provide: AuditConfig, useValue: config },
        { provide: openSink, useValue: sinkOf },
        AuditLog,
        AuditFigures,
        AuditMetrics,
        ChainSealer,
        Verification,
        RecordedVerification,
        Retention,
        AuditEntries,
        AuditFigures,
        AuditExport,
        Refusals,
        { provide: RefusalLog, useClass: AuditedRefusals },
        AuditStream,
      ],
      exports: [AuditLog, AuditFigures, AuditEntries, RefusalLog],
    };
  }
}
