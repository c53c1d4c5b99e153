import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  type AdministeredSession,
  administeredSessionPageSchema,
  endedSessionsSchema,
  idParamSchema,
  type Page,
  type PageQuery,
  pageQuerySchema,
} from '#contracts';
import { Access, type Caller, CurrentCaller, Returns } from '#platform';
import { LiveSessions } from './live-sessions.ts';
import { ReadsPerson } from './reads-person.ts';

@Controller('api/admin')
export class LiveSessionsController {
  constructor(private readonly sessions: LiveSessions) {}

  @Get('sessions')
  @Access('sessions.manage')
  @Returns(administeredSessionPageSchema)
  list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<AdministeredSession>> {
    return this.sessions.list(caller, query);
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @Access('sessions.manage')
  @Returns(z.undefined(), { status: 204 })
  end(
    @CurrentCaller() caller: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<void> {
    return this.sessions.end(caller, id);
  }

  @Get('users/:id/sessions')
  @Access('sessions.manage')
  @ReadsPerson('sessions')
  @Returns(administeredSessionPageSchema)
  of(
    @CurrentCaller() caller: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<Page<AdministeredSession>> {
    return this.sessions.of(caller, id);
  }

  @Delete('users/:id/sessions')
  @Access('sessions.manage')
  @Returns(endedSessionsSchema)
  async endAllOf(
    @CurrentCaller() caller: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<{ ended: number }> {
    return { ended: await this.sessions.endAllOf(caller, id) };
  }
}
