import { randomUUID } from 'node:crypto';
import { Database } from '../database/database.ts';
import type { Redis } from '../redis/redis.ts';
import { EventBus, eventsMissed } from './event-bus.ts';

const channel = 'entrada:events';

/**
 * The bus of several processes, over one channel of Redis: here at once, elsewhere once. What is said while Redis is away
 * is lost to the others, so nothing may be true only because it was said: the database is asked in the end.
 */
export class RedisEventBus extends EventBus {
  /** In front of each message, so that our own need not be read. */
  private readonly origin = `${randomUUID()} `;

  constructor(
    database: Database,
    private readonly redis: Redis,
  ) {
    super(database);
    redis.listen(channel, (message) => this.hear(message));
    redis.onConnected(() => this.deliver(eventsMissed.name, {}));
  }

  override get isWhole(): boolean {
    return this.redis.isConnected;
  }

  protected override send(name: string, payload: unknown): void {
    if (!this.redis.isConnected) return;
    const message = this.origin + JSON.stringify({ name, payload });
    this.redis
      .run((commands) => commands.publish(channel, message))
      .catch((error: unknown) => this.logger.warn({ msg: `${name} did not reach the others`, err: error }));
  }

  /** A topic that nobody here listens to, perhaps one of a newer version, goes nowhere. */
  private hear(message: string): void {
    if (message.startsWith(this.origin)) return;
    try {
      const { name, payload } = JSON.parse(message.slice(this.origin.length)) as {
        name: string;
        payload: unknown;
      };
      this.deliver(name, payload);
    } catch (error) {
      this.logger.warn({ msg: 'an event could not be read', err: error });
    }
  }
}
