import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { Clock, observeGauge } from '#platform';
import type { FailureClass } from '../entra/entra-failure.ts';
import { VaultRows } from '../vault/vault-rows.ts';

export type RefreshTrigger = 'schedule' | 'demand';
export type RefreshOutcome = 'refreshed' | 'superseded' | 'identity_mismatch' | FailureClass;

@Injectable()
export class RefreshMetrics {
  private readonly refreshes: Counter<'outcome' | 'trigger'>;
  private readonly due: Gauge;
  private lastTick: Date | null = null;

  constructor(
    registry: Registry,
    private readonly rows: VaultRows,
    private readonly clock: Clock,
  ) {
    this.refreshes = new Counter({
      name: 'entrada_token_refreshes_total',
      help: 'Calls to Entra for a new token, by how they ended and who wanted it.',
      labelNames: ['outcome', 'trigger'],
      registers: [registry],
    });
    this.due = new Gauge({
      name: 'entrada_token_refresh_due',
      help: 'Tokens that were due when the scheduler last looked.',
      registers: [registry],
    });
    observeGauge(
      registry,
      {
        name: 'entrada_token_expiry_seconds',
        help: 'Seconds until the first of all tokens that are kept fresh ends; below zero it has ended.',
      },
      async () => this.secondsFromNow(await this.rows.lowestExpiry()),
    );
    observeGauge(
      registry,
      {
        name: 'entrada_token_refresh_tick_age_seconds',
        help: 'Seconds since the scheduler of this process last looked.',
      },
      () => this.secondsSince(this.lastTick),
    );
  }

  private secondsFromNow(time: Date | null): number | null {
    return time && (time.getTime() - this.clock.now().getTime()) / 1000;
  }

  private secondsSince(time: Date | null): number | null {
    return time && (this.clock.now().getTime() - time.getTime()) / 1000;
  }

  count(outcome: RefreshOutcome, trigger: RefreshTrigger): void {
    this.refreshes.inc({ outcome, trigger });
  }

  ticked(now: Date, due: number): void {
    this.lastTick = now;
    this.due.set(due);
  }
}
