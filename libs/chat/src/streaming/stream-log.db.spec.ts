import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Redis } from '#platform';
import { noRedis, type RedisServer, startRedis } from '../../../../test/support/redis.ts';
import { until } from '../../../../test/support/until.ts';
import { delta, streamLogConformance } from '../../test/stream-log.conformance.ts';
import { MemoryStreamLog } from './memory-stream-log.ts';
import { RedisStreamLog } from './redis-stream-log.ts';
import { keepReleasedMs } from './stream-log.ts';

Logger.overrideLogger(false);

streamLogConformance('the memory of one process', async () => {
  const log = new MemoryStreamLog();
  return { one: log, other: log };
});

describe('MemoryStreamLog', () => {
  it('forgets a generation some time after its end, so that memory stays bounded', async () => {
    vi.useFakeTimers();
    try {
      const log = new MemoryStreamLog();
      await log.append('g', delta(1));
      log.release('g');
      vi.advanceTimersByTime(keepReleasedMs - 1);
      expect(await log.read('g', 0)).toHaveLength(1);
      vi.advanceTimersByTime(1);
      expect(await log.read('g', 0)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe.skipIf(noRedis)('RedisStreamLog', () => {
  let server: RedisServer;
  const connections: Redis[] = [];
  beforeAll(async () => {
    server = await startRedis();
    connections.push(new Redis(server.url), new Redis(server.url));
    await connected();
  });
  afterAll(async () => {
    await Promise.all(connections.map((redis) => redis.onApplicationShutdown()));
    await server.stop();
  });
  const connected = () => until(() => connections.every(({ isConnected }) => isConnected));
  const open = async () => ({
    one: new RedisStreamLog(connections[0]!),
    other: new RedisStreamLog(connections[1]!),
  });

  streamLogConformance('Redis', open);

  it('keeps nothing for good: what is released goes soon, what has gone silent later', async () => {
    const { one } = await open();
    const [released, silent] = [crypto.randomUUID(), crypto.randomUUID()];
    await one.append(released, delta(1));
    await one.append(silent, delta(1));
    one.release(released);
    const client = await createClient({ url: server.url }).connect();
    const left = (id: string) => client.pTTL(`entrada:stream:${id}`);
    await until(async () => (await left(released)) <= keepReleasedMs);
    expect(await left(released)).toBeGreaterThan(keepReleasedMs - 5_000);
    expect(await left(silent)).toBeGreaterThan(10 * 60_000);
    client.destroy();
  });

  it('F16: the end of an answer can be added by another process than the one that wrote it', async () => {
    const { one, other } = await open();
    const id = crypto.randomUUID();
    await one.append(id, delta(1));
    await other.append(id, delta(2));
    const third = (await open()).one;
    expect(await third.read(id, 0)).toEqual([delta(1), delta(2)]);
  });

  it('F5: an answer goes on without Redis, and what was missed is there when it is back', async () => {
    const { one, other } = await open();
    const id = crypto.randomUUID();
    await one.append(id, delta(1));
    await server.stop();
    await until(() => connections.every(({ isConnected }) => !isConnected));
    await one.append(id, delta(2));
    expect(await one.read(id, 0)).toEqual([delta(1), delta(2)]);
    expect(await other.read(id, 0)).toBeNull();
    await server.start();
    await connected();
    expect(await other.read(id, 0)).toBeNull();
    await one.append(id, delta(3));
    expect(await other.read(id, 0)).toEqual([1, 2, 3].map(delta));
  });
});
