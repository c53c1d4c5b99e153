import { Controller, Get, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { Throttle } from '@nestjs/throttler';
import type { z } from 'zod';
import {
  type AuditEntryWire,
  auditEntrySchema,
  auditExportQuerySchema,
  type AuditPage,
  auditPageSchema,
  type AuditQuery,
  auditQuerySchema,
  type AuditVerification,
  auditVerificationSchema,
  sequenceParamSchema,
} from '#contracts';
import { Access, RecentSignIn, Returns } from '#platform';
import { AuditExport } from './export/audit-export.ts';
import { AuditEntries } from './reading/audit-entries.ts';
import { RecordedVerification } from './chain/recorded-verification.ts';

@Controller('api/admin/audit-logs')
export class AuditController {
  constructor(
    private readonly entries: AuditEntries,
    private readonly exports: AuditExport,
    private readonly verification: RecordedVerification,
  ) {}

  @Get()
  @Access('audit.read')
  @Returns(auditPageSchema)
  list(@Query({ schema: auditQuerySchema }) query: AuditQuery): Promise<AuditPage> {
    return this.entries.list(query);
  }

  @Get('export')
  @Access('audit.export')
  @RecentSignIn()
  @Throttle({ person: { limit: 20, ttl: 60_000 } })
  @ApiProduces('text/csv', 'application/jsonl')
  async export(
    @Query({ schema: auditExportQuerySchema }) query: z.infer<typeof auditExportQuerySchema>,
  ): Promise<StreamableFile> {
    const { stream, type, fileName } = await this.exports.open(query);
    return new StreamableFile(stream, { type, disposition: `attachment; filename="${fileName}"` });
  }

  @Get(':sequence')
  @Access('audit.read')
  @Returns(auditEntrySchema)
  one(@Param({ schema: sequenceParamSchema }) { sequence }: { sequence: number }): Promise<AuditEntryWire> {
    return this.entries.require(sequence);
  }

  @Post('verify')
  @HttpCode(200)
  @Access('audit.read')
  @Throttle({ person: { limit: 20, ttl: 60_000 } })
  @Returns(auditVerificationSchema)
  verify(): Promise<AuditVerification> {
    return this.verification.verify();
  }
}
