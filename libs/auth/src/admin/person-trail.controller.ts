import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  type AuditPage,
  auditPageSchema,
  type AuditQuery,
  auditQuerySchema,
  idParamSchema,
} from '#contracts';
import { Access, Returns } from '#platform';
import { PersonTrail } from './person-trail.ts';
import { ReadsPerson } from './reads-person.ts';

@Controller('api/admin/users/:id/audit-logs')
export class PersonTrailController {
  constructor(private readonly trail: PersonTrail) {}

  @Get()
  @Access('audit.read')
  @ReadsPerson('audit_logs')
  @Returns(auditPageSchema)
  read(
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Query({ schema: auditQuerySchema }) query: AuditQuery,
  ): Promise<AuditPage> {
    return this.trail.of(id, query);
  }
}
