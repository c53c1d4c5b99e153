import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { EntraMetadataSource } from '#auth';
import { ChatGateway } from '#chat';
import { Clock, observeGauge, oneLook, Redis, within } from '#platform';
import { missingMigrations } from '../database/migrate.ts';
import { Draining } from '../processes/draining.ts';
import { version } from '../version.ts';

/** Before that of the gauges. */
const databaseTimeoutMs = 1_500;

/** The process itself and what it stands on. */
@Injectable()
export class ProcessMetrics {
  constructor(
    private readonly registry: Registry,
    private readonly dataSource: DataSource,
    private readonly gateway: ChatGateway,
    private readonly metadata: EntraMetadataSource,
    private readonly draining: Draining,
    private readonly clock: Clock,
    @Inject(Redis) private readonly redis: Redis | null,
  ) {
    collectDefaultMetrics({ register: registry });
    this.tellVersion();
    this.watchConnections();
    this.watchDependencies();
    this.gauge('entrada_draining', 'Whether this process is about to end.', () =>
      Number(this.draining.isUnderWay),
    );
    this.gauge(
      'entrada_sockets_connected',
      'Open live connections of browsers.',
      () => this.gateway.connections,
    );
    this.gauge(
      'entrada_entra_metadata_age_seconds',
      'Since the addresses and keys of Entra were last read.',
      () => {
        const { fetchedAt } = this.metadata;
        return fetchedAt && (this.clock.now().getTime() - fetchedAt.getTime()) / 1000;
      },
    );
  }

  private tellVersion(): void {
    const info = new Gauge({
      name: 'entrada_build_info',
      help: 'Always 1; the labels say what runs.',
      labelNames: ['version', 'node'],
      registers: [this.registry],
    });
    info.set({ version, node: process.versions.node }, 1);
  }

  private watchConnections(): void {
    const pool = () => (this.dataSource.driver as unknown as { master: Pool }).master;
    const connections: Gauge<'state'> = new Gauge({
      name: 'entrada_database_connections',
      help: 'Connections to Postgres that this process holds.',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        const { totalCount, idleCount } = pool();
        connections.set({ state: 'busy' }, totalCount - idleCount);
        connections.set({ state: 'idle' }, idleCount);
      },
    });
    this.gauge('entrada_database_connections_limit', 'DATABASE_POOL_SIZE.', () => pool().options.max);
    this.gauge(
      'entrada_database_waiting',
      'Whoever waits for a connection to Postgres in this process.',
      () => pool().waitingCount,
    );
  }

  /** One look at the database tells both. */
  private watchDependencies(): void {
    const { redis, dataSource } = this;
    const missing = oneLook(() =>
      within(databaseTimeoutMs, missingMigrations(dataSource), 'reading migrations').catch(() => null),
    );
    this.gauge(
      'entrada_migrations_missing',
      'Migrations of this program that the database does not have.',
      async () => (await missing())?.length ?? null,
    );
    const up: Gauge<'dependency'> = new Gauge({
      name: 'entrada_dependency_up',
      help: '1 while it answers this process, else 0.',
      labelNames: ['dependency'],
      registers: [this.registry],
      async collect() {
        up.set({ dependency: 'database' }, Number((await missing()) !== null));
        if (redis) up.set({ dependency: 'redis' }, Number(redis.isConnected));
      },
    });
  }

  private gauge(name: string, help: string, read: Parameters<typeof observeGauge>[2]): void {
    observeGauge(this.registry, { name, help }, read);
  }
}
