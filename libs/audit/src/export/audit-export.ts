import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { auditExportQuerySchema, AuditFilter } from '#contracts';
import { AuditLog } from '../audit-log.ts';
import { AuditMetrics } from '../audit-metrics.ts';
import { ChainSealer } from '../chain/chain-sealer.ts';
import { AuditEntries } from '../reading/audit-entries.ts';
import { type SealedEntry, toSealedEntry } from '../reading/entry-row.ts';
import { csvHeader, csvLines } from './csv.ts';
import { jsonLines } from './json-lines.ts';

type ExportQuery = z.infer<typeof auditExportQuerySchema>;

interface Format {
  type: string;
  header(): string;
  lines(entries: readonly SealedEntry[]): string;
}
const formats: Record<ExportQuery['format'], Format> = {
  // The mark tells a spreadsheet that it is UTF-8.
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    header: () => `\uFEFF${csvHeader()}`,
    lines: csvLines,
  },
  jsonl: { type: 'application/jsonl; charset=utf-8', header: () => '', lines: jsonLines },
};

const batch = 1_000;

/**
 * The whole log, or what a filter leaves of it, oldest first, batch by batch as fast as the reader takes it. It ends with
 * what was sealed when it began, its own entry included.
 */
@Injectable()
export class AuditExport {
  private readonly logger = new Logger(AuditExport.name);

  constructor(
    private readonly entries: AuditEntries,
    private readonly sealer: ChainSealer,
    private readonly audit: AuditLog,
    private readonly metrics: AuditMetrics,
  ) {}

  /** What cannot be recorded is not exported. */
  async open({
    format,
    ...filter
  }: ExportQuery): Promise<{ stream: Readable; type: string; fileName: string }> {
    await this.audit.record({ action: 'audit.exported', details: { format, filter } });
    await this.sealer.sealNow();
    const upTo = this.sealer.head?.sequence ?? 0;
    const { type } = formats[format];
    const stream = Readable.from(this.read(format, filter, upTo), {
      objectMode: false,
      highWaterMark: 64 * 1024,
    });
    return { stream, type, fileName: `audit-log-to-${upTo}.${format}` };
  }

  private async *read(
    format: ExportQuery['format'],
    filter: AuditFilter,
    upTo: number,
  ): AsyncGenerator<string> {
    const { header, lines } = formats[format];
    let after = 0;
    let exported = 0;
    try {
      yield header();
      for (;;) {
        const rows = await this.entries.after(filter, { after, upTo, limit: batch });
        if (rows.length > 0) yield lines(rows.map(toSealedEntry));
        exported += rows.length;
        if (rows.length < batch) break;
        after = Number(rows.at(-1)?.sequence);
      }
    } finally {
      this.metrics.exported(format, exported);
      this.logger.log({ msg: 'the audit log was exported', format, exported, upTo });
    }
  }
}
