import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { Clock } from '../clock.ts';

interface Window {
  hits: number;
  endsAt: number;
}

const sweepEvery = 10_000;

/**
 * Counts in fixed windows, in this process: one addition per request, whatever the limit. A refused caller may come back
 * when the window ends, which is exactly what Retry-After says.
 */
@Injectable()
export class WindowStorage implements ThrottlerStorage {
  private readonly windows = new Map<string, Window>();
  private sinceSweep = 0;

  constructor(private readonly clock: Clock) {}

  // Counting and deciding happen in one turn of the event loop, so two requests at the limit cannot both pass.
  increment(key: string, ttl: number, limit: number): ReturnType<ThrottlerStorage['increment']> {
    const now = this.clock.now().getTime();
    this.sweep(now);
    const open = this.windows.get(key);
    const window = open && open.endsAt > now ? open : { hits: 0, endsAt: now + ttl };
    window.hits += 1;
    this.windows.set(key, window);
    const seconds = Math.ceil((window.endsAt - now) / 1000);
    return Promise.resolve({
      totalHits: window.hits,
      timeToExpire: seconds,
      isBlocked: window.hits > limit,
      timeToBlockExpire: seconds,
    });
  }

  private sweep(now: number): void {
    this.sinceSweep += 1;
    if (this.sinceSweep < sweepEvery) return;
    this.sinceSweep = 0;
    for (const [key, { endsAt }] of this.windows) if (endsAt <= now) this.windows.delete(key);
  }
}
