import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noRedis, type RedisServer, startRedis } from '../../../../test/support/redis.ts';
import { rateLimitConformance } from '../../test/rate-limit.conformance.ts';
import { until } from '../../../../test/support/until.ts';
import { Clock } from '../clock.ts';
import { within } from '../deadline.ts';
import { Redis } from '../redis/redis.ts';
import { FakeClock } from '../testing.ts';
import { RedisWindowStorage } from './redis-window-storage.ts';
import { WindowStorage } from './window-storage.ts';

Logger.overrideLogger(false);

rateLimitConformance('the memory of one process', async () => {
  const clock = new FakeClock();
  const storage = new WindowStorage(clock);
  return {
    one: storage,
    other: storage,
    advanceSeconds: async (seconds) => clock.advanceSeconds(seconds),
    close: async () => undefined,
  };
});

describe.skipIf(noRedis)('with Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  const openStorage = () => {
    const redis = new Redis(server.url);
    return { redis, storage: new RedisWindowStorage(redis, new WindowStorage(new Clock())) };
  };

  rateLimitConformance('Redis', async () => {
    const [one, other] = [openStorage(), openStorage()];
    const clock = await createClient({ url: server.url }).connect();
    await until(() => one.redis.isConnected && other.redis.isConnected);
    return {
      one: one.storage,
      other: other.storage,
      /** Redis's own clock runs: what it took of the last second is given back, the rest is cut shorter. */
      async advanceSeconds(seconds) {
        for (const key of await clock.keys('entrada:limit:*'))
          await clock.expire(key, Math.max(0, Math.ceil((await clock.pTTL(key)) / 1000) - seconds));
      },
      async close() {
        clock.destroy();
        await Promise.all([one.redis.onApplicationShutdown(), other.redis.onApplicationShutdown()]);
      },
    };
  });

  it('F5: counts alone while Redis is silent or gone, and never keeps a request waiting for long', async () => {
    const { redis, storage } = openStorage();
    await until(() => redis.isConnected);
    const hit = (limit = 2) => storage.increment('somebody', 60_000, limit);
    server.pause();
    expect(await within(1_000, hit(), 'a hit')).toMatchObject({ totalHits: 1, isBlocked: false });
    // However much is asked meanwhile.
    expect(redis.isConnected).toBe(false);
    expect(await hit()).toMatchObject({ totalHits: 2, isBlocked: false });
    expect(await hit()).toMatchObject({ totalHits: 3, isBlocked: true });
    server.resume();
    await until(() => redis.isConnected);
    expect((await hit()).isBlocked).toBe(false);
    await redis.onApplicationShutdown();
  });
});
