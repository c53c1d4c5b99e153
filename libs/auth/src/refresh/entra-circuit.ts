import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock, EventBus, secondsAfter, topic } from '#platform';
import type { EntraFailure } from '../entra/entra-failure.ts';
import { backOffSeconds } from './refresh-policy.ts';

/** Told on every process: Entra asked all of us to wait. */
export const entraThrottled = topic<{ until: string }>('entra.throttled');

/** As many failures in a row, of whomever, are Entra's or ours and not a person's. */
export const mostFailuresInARow = 5;
const pause = { first: 5, longest: 120 };
const longestRetryAfter = 3600;

/**
 * One for everybody's refreshes: when Entra throttles or fails, ten thousand due tokens must not go on asking. After a
 * pause one call tries; if it fails too, the next pause is twice as long.
 */
@Injectable()
export class EntraCircuit implements OnModuleDestroy {
  private failures = 0;
  private openUntil: Date | null = null;
  private isProbing = false;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {
    this.unsubscribe = bus.subscribe(entraThrottled, ({ until }) => this.openAtLeastUntil(new Date(until)));
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** Seconds for which nobody should ask; 0 when one may. */
  get pauseSeconds(): number {
    if (!this.openUntil) return 0;
    const left = (this.openUntil.getTime() - this.clock.now().getTime()) / 1000;
    return left > 0 ? left : this.isProbing ? 1 : 0;
  }

  /** Call it right before asking: after a pause one at a time may. */
  admit(): boolean {
    if (this.pauseSeconds > 0) return false;
    this.isProbing = this.openUntil !== null;
    return true;
  }

  /** Entra has answered, whatever it said. */
  answered(): void {
    this.failures = 0;
    this.openUntil = null;
    this.isProbing = false;
  }

  failed({ failureClass, refusal }: EntraFailure, random = Math.random()): void {
    this.isProbing = false;
    if (failureClass !== 'transient' && failureClass !== 'operator') return this.answered();
    this.failures += 1;
    const asked = Math.min(refusal?.retryAfterSeconds ?? 0, longestRetryAfter);
    const rounds = this.failures - mostFailuresInARow + 1;
    const wait = rounds > 0 ? backOffSeconds(pause, rounds, random) : 0;
    if (asked === 0 && wait === 0) return;
    const until = secondsAfter(this.clock.now(), Math.max(asked, wait));
    this.openAtLeastUntil(until);
    if (asked > 0) this.bus.publish(entraThrottled, { until: until.toISOString() });
  }

  private openAtLeastUntil(until: Date): void {
    if (!this.openUntil || this.openUntil < until) this.openUntil = until;
  }
}
