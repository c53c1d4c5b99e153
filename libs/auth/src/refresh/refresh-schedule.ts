/**
 * Keeps people's tokens fresh while no tab is open. Each tick takes up what has fallen due, with as many processes as
 * there are: a row is leased before it is refreshed, so none is refreshed twice. It is not the person who is active here,
 * so no session is prolonged; who has none left is passed over.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock, isDatabaseUnavailable, UnsealError } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import type { TokenCache } from '../vault/token-cache.entity.ts';
import { VaultRows } from '../vault/vault-rows.ts';
import { DueQueue } from './due-queue.ts';
import { EntraCircuit } from './entra-circuit.ts';
import { RefreshMetrics } from './refresh-metrics.ts';
import { retryAt } from './refresh-policy.ts';
import { TokenRefresher } from './token-refresher.ts';

/** Of one process. */
@Injectable()
export class RefreshLimits {
  /** Calls to Entra under way at the same time. */
  readonly concurrency: number = 10;
  /** How many of them may begin in a second. */
  readonly perSecond: number = 100;
}

@Injectable()
export class RefreshSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RefreshSchedule.name);
  private running: Promise<void> | null = null;
  private isClosing = false;
  private nextStartAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly config: AuthConfig,
    private readonly rows: VaultRows,
    private readonly refresher: TokenRefresher,
    private readonly circuit: EntraCircuit,
    private readonly metrics: RefreshMetrics,
    private readonly scheduler: SchedulerRegistry,
    private readonly limits: RefreshLimits,
  ) {}

  onApplicationBootstrap(): void {
    const everyMs = this.config.refreshCheckSeconds * 1000;
    this.scheduler.addInterval(
      'token-refresh',
      setInterval(() => void this.tick(), everyMs),
    );
  }

  async onModuleDestroy(): Promise<void> {
    this.isClosing = true;
    await this.running;
  }

  /** One at a time: a tick that lasts longer than the interval is not joined by another. */
  async tick(): Promise<void> {
    this.running ??= this.work()
      .catch((error: unknown) => this.logger.warn({ msg: 'due tokens could not be read', err: error }))
      .finally(() => (this.running = null));
    await this.running;
  }

  private async work(): Promise<void> {
    const startedAt = this.clock.now();
    const due = await this.rows.countDue(startedAt);
    this.metrics.ticked(startedAt, due);
    const { concurrency } = this.limits;
    const queue = new DueQueue((most) => this.rows.leaseDue(startedAt, most), concurrency);
    const workers = Array.from({ length: Math.min(concurrency, due) }, () => this.drain(queue));
    await Promise.all(workers);
  }

  private async drain(queue: DueQueue): Promise<void> {
    while (!this.isClosing && this.circuit.pauseSeconds === 0) {
      const row = await queue.next();
      if (!row) return;
      await this.takeTurn();
      await this.refresh(row);
    }
    for (const row of queue.close()) await this.rows.release(row);
  }

  private async takeTurn(): Promise<void> {
    const now = performance.now();
    this.nextStartAt = Math.max(now, this.nextStartAt + 1000 / this.limits.perSecond);
    if (this.nextStartAt > now) await wait(this.nextStartAt - now);
  }

  /** One person's failure is not the next one's. */
  private async refresh(row: TokenCache): Promise<void> {
    try {
      await this.refresher.refresh(row, this.config.openAiScope, 'schedule');
    } catch (error) {
      const level = isDatabaseUnavailable(error) ? 'warn' : 'error';
      this.logger[level]({ msg: 'a due token was not refreshed', userId: row.userId, err: error });
      if (error instanceof UnsealError) await this.postpone(row);
    }
  }

  /** Its key is missing: nothing that repeats every minute mends that. */
  private async postpone(row: TokenCache): Promise<void> {
    const failureClass = 'operator';
    const count = row.failureCount + 1;
    await this.rows.postpone(row, retryAt({ failureClass, count }, this.clock.now(), Math.random()));
  }
}
