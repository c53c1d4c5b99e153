import { Logger } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Redis } from '../redis/redis.ts';
import type { WindowStorage } from './window-storage.ts';

/**
 * The same fixed windows, counted for all processes together, by Redis's clock. While Redis is away each process counts
 * for itself: a limit is then as many times higher as there are processes, and nobody is locked out.
 */
export class RedisWindowStorage implements ThrottlerStorage {
  private readonly logger = new Logger(RedisWindowStorage.name);

  constructor(
    private readonly redis: Redis,
    private readonly alone: WindowStorage,
  ) {}

  async increment(key: string, ttl: number, limit: number): ReturnType<ThrottlerStorage['increment']> {
    if (!this.redis.isConnected) return this.alone.increment(key, ttl, limit);
    try {
      const { hits, leftMs } = await this.count(`entrada:limit:${key}`, ttl);
      const seconds = Math.ceil(leftMs / 1000);
      return { totalHits: hits, timeToExpire: seconds, isBlocked: hits > limit, timeToBlockExpire: seconds };
    } catch (error) {
      this.logger.debug({ msg: 'a request was counted by this process alone', err: error });
      return this.alone.increment(key, ttl, limit);
    }
  }

  /** One transaction: the first one opens the window, and of two at the limit exactly one is the last. */
  private async count(key: string, ttl: number): Promise<{ hits: number; leftMs: number }> {
    const [, hits, leftMs] = await this.redis.run((commands) =>
      commands
        .multi()
        .set(key, 0, { expiration: { type: 'PX', value: ttl }, condition: 'NX' })
        .incr(key)
        .pTTL(key)
        .exec(),
    );
    return { hits: Number(hits), leftMs: Number(leftMs) };
  }
}
