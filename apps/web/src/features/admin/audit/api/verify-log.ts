import { type AuditVerification, auditVerificationSchema } from '#contracts';
import { request } from '../../../../lib/api.ts';

export const verifyLog = (): Promise<AuditVerification> =>
  request('/api/admin/audit-logs/verify', auditVerificationSchema, { method: 'POST' });
