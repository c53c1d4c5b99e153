import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { Clock } from '#platform';
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
    const gauge = (name: string, help: string, read?: () => Promise<number | null>): Gauge => {
      const made: Gauge = new Gauge({
        name,
        help,
        registers: [],
        ...(read ? { collect: () => show(made, read) } : {}),
      });
      registry.registerMetric(made);
      return made;
    };
    this.refreshes = new Counter({
      name: 'entrada_token_refreshes_total',
      help: 'Calls to Entra for a new token, by how they ended and who wanted it.',
      labelNames: ['outcome', 'trigger'],
      registers: [registry],
    });
    this.due = gauge('entrada_token_refresh_due', 'Tokens that were due when the scheduler last looked.');
    gauge(
      'entrada_token_expiry_seconds',
      'Seconds until the first of all tokens that are kept fresh ends; below zero it has ended.',
      async () => this.secondsFromNow(await this.rows.lowestExpiry()),
    );
    gauge(
      'entrada_token_refresh_tick_age_seconds',
      'Seconds since the scheduler of this process last looked.',
      async () => this.secondsSince(this.lastTick),
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

/** No value where there is none, or where the database cannot say. */
async function show(gauge: Gauge, read: () => Promise<number | null>): Promise<void> {
  const value = await read().catch(() => null);
  if (value === null) gauge.reset();
  else gauge.set(value);
}
