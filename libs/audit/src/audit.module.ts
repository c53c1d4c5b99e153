import { Global, Module } from '@nestjs/common';
import { AuditFigures } from './audit-figures.ts';
import { AuditLog } from './audit-log.ts';

/** Global: whoever acts, records. */
@Global()
@Module({ providers: [AuditLog, AuditFigures], exports: [AuditLog, AuditFigures] })
export class AuditModule {}
