import { AuditEntry } from './audit-entry.entity.ts';

export * from './audit-figures.ts';
export * from './audit.module.ts';
export * from './audit-log.ts';
export const auditEntities = [AuditEntry];
