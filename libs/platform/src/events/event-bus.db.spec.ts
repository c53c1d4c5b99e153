import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noRedis, type RedisServer, startRedis } from '../../../../test/support/redis.ts';
import { caughtUp, eventBusConformance, hear, noTables, said } from '../../test/event-bus.conformance.ts';
import { until } from '../../../../test/support/until.ts';
import { Redis } from '../redis/redis.ts';
import { EventBus, eventsMissed, topic } from './event-bus.ts';
import { RedisEventBus } from './redis-event-bus.ts';

Logger.overrideLogger(false);

eventBusConformance('the bus of one process', async () => {
  const database = noTables();
  const bus = new EventBus(database);
  return { one: bus, other: bus, database, close: async () => undefined };
});

describe.skipIf(noRedis)('over Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  async function open() {
    const connections = [new Redis(server.url), new Redis(server.url)] as const;
    const database = noTables();
    const one = new RedisEventBus(database, connections[0]);
    const other = new RedisEventBus(noTables(), connections[1]);
    await until(() => one.isWhole && other.isWhole);
    const close = async () =>
      void (await Promise.all(connections.map((redis) => redis.onApplicationShutdown())));
    return { one, other, database, connections, close };
  }

  eventBusConformance('Redis', open);

  it('F5: knows when it may miss something, delivers here meanwhile, and hears again when Redis is back', async () => {
    const { one, other, close } = await open();
    const missed = hear(other, eventsMissed);
    await server.stop();
    await until(() => !one.isWhole && !other.isWhole);
    const [here, there] = [hear(one, said), hear(other, said)];
    one.publish(said, { text: 'alone', list: [] });
    expect(here).toHaveLength(1);
    await server.start();
    await until(() => one.isWhole && missed.length === 1);
    one.publish(said, { text: 'together', list: [] });
    await caughtUp(one, other);
    expect(there.map(({ text }) => text)).toEqual(['together']);
    await close();
  });

  it('a topic of a newer version, or no event at all, disturbs nobody', async () => {
    const { one, other, connections, close } = await open();
    one.publish(topic<{ odd: boolean }>('test.from-the-future'), { odd: true });
    await connections[0].run((commands) => commands.publish('entrada:events', 'not an event'));
    await caughtUp(one, other);
    await close();
  });
});
