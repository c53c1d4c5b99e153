import { z } from 'zod';
import { environmentSlice, numberVariable } from '#platform';

export const auditEnvironment = environmentSlice({
  title: 'Audit log',
  variables: z.object({
    AUDIT_RETENTION_DAYS: numberVariable(1, 36_500).default(365).meta({
      description: 'Older entries are sealed and dropped, keeping the chain verifiable.',
    }),
    AUDIT_STREAM: z
      .string()
      .regex(/^(stdout|\/.*[^/])$/, 'write stdout, or the absolute path of a file')
      .optional()
      .meta({
        description:
          'Every sealed entry as a line of JSON, at least once, for a SIEM: stdout, or the absolute path of a file.',
        example: '/var/log/entrada/audit.jsonl',
      }),
  }),
});

/** The audit log's part of the configuration; also its injection token. */
export class AuditConfig {
  readonly retentionDays: number;
  readonly stream: string | null;

  constructor(values: z.infer<typeof auditEnvironment.variables>) {
    this.retentionDays = values.AUDIT_RETENTION_DAYS;
    this.stream = values.AUDIT_STREAM ?? null;
  }
}
