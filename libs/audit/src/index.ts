import { AuditEntry } from './audit-entry.entity.ts';

export * from './audit-figures.ts';
export * from './audit.module.ts';
export * from './audit-log.ts';
export { formatHead, parseHead } from './chain/chain-head.ts';
export { Verification } from './chain/verification.ts';
export { AuditConfig, auditEnvironment } from './config/audit-environment.ts';
export { AuditEntries } from './reading/audit-entries.ts';
export const auditEntities = [AuditEntry];
