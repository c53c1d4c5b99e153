import { Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, TypeOrmHealthIndicator } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { EntraMetadataSource } from '#auth';
import { Public } from '#platform';
import { version } from '../version.ts';

const databaseTimeoutMs = 2_000;

@Controller('api/health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly database: TypeOrmHealthIndicator,
    private readonly metadata: EntraMetadataSource,
  ) {}

  @Get()
  @Public()
  read() {
    return { status: 'ok', version };
  }

  /** The process answers; nothing else is asked, so that a database failure does not restart it. */
  @Get('live')
  @Public()
  live() {
    return { status: 'ok' };
  }

  /** Whether requests should be sent here: 200 or 503, with what is missing by name. */
  @Get('ready')
  @Public()
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    try {
      return await this.health.check(this.checks());
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      void reply.status(503);
      return error.getResponse();
    }
  }

  private checks() {
    return [() => this.database.pingCheck('database', { timeout: databaseTimeoutMs }), () => this.entra()];
  }

  /** Told, not required: people who are signed in keep working while Entra is away. */
  private entra() {
    return this.indicator
      .check('entra')
      .up({ metadataFetchedAt: this.metadata.fetchedAt?.toISOString() ?? null });
  }
}
