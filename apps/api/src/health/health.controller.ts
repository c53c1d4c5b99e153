import { Controller, Get, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { EntraMetadataSource } from '#auth';
import { Clock, Public, Redis } from '#platform';
import { Draining } from '../processes/draining.ts';
import { version } from '../version.ts';
import { DatabaseLook } from './database-look.ts';
import type { DatabaseStanding } from './database-standing.ts';

@Controller('api/health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly database: DatabaseLook,
    private readonly metadata: EntraMetadataSource,
    private readonly draining: Draining,
    private readonly clock: Clock,
    @Inject(Redis) private readonly redis: Redis | null,
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
      return await this.health.check(await this.checks());
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      void reply.status(503);
      return error.getResponse();
    }
  }

  private async checks() {
    const { redis } = this;
    // Whoever is leaving says so at once, whatever else holds.
    if (this.draining.isUnderWay) return [() => this.indicator.check('process').down({ draining: true })];
    const database = await this.database.take();
    return [
      () => this.reached(database),
      () => this.schema(database),
      ...(redis ? [() => this.toldOfRedis(redis)] : []),
      () => this.entra(),
    ];
  }

  /** Slow or read-only is told and no reason to send requests elsewhere: it is the one database of all processes. */
  private reached(database: DatabaseStanding) {
    const check = this.indicator.check('database');
    return database.status === 'down' ? check.down() : check.up(database.told);
  }

  /** A database that was restored from before an upgrade, say. A newer version's additions do no harm. */
  private schema(database: DatabaseStanding) {
    const check = this.indicator.check('migrations');
    if (database.status === 'down') return check.down();
    const { missingMigrations: missing } = database;
    return missing.length > 0 ? check.down({ missing }) : check.up();
  }

  /** Told, not required: without it a process is on its own, which is better than none. */
  private toldOfRedis({ isConnected }: Redis) {
    return this.indicator.check('redis').up({ connected: isConnected });
  }

  /** Told, not required: people who are signed in keep working while Entra is away. */
  private entra() {
    const { fetchedAt } = this.metadata;
    return this.indicator.check('entra').up({
      metadataFetchedAt: fetchedAt?.toISOString() ?? null,
      metadataAgeSeconds: fetchedAt && Math.round((this.clock.now().getTime() - fetchedAt.getTime()) / 1000),
    });
  }
}
