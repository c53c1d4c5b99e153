import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Redis } from '#platform';
import { MemoryStreamLog } from './memory-stream-log.ts';
import type { StreamEvent } from './stream-event.ts';
import { keepReleasedMs, StreamLog } from './stream-log.ts';

/** For a generation whose process has gone silent: longer than the model may be. */
const keepSilentMs = 15 * 60_000;

/**
 * For several processes: the one that writes an answer has its events in memory and a copy in Redis, by number, for the
 * others. What Redis missed while it was away is sent along with the next event; until then the others have the database.
 */
export class RedisStreamLog extends StreamLog implements OnModuleDestroy {
  private readonly own = new MemoryStreamLog();
  /** The last number of each generation of this process that Redis is known to have. */
  private readonly copied = new Map<string, number>();
  private readonly logger = new Logger(RedisStreamLog.name);

  constructor(private readonly redis: Redis) {
    super();
    // It may have come back empty.
    redis.onConnected(() => this.copied.clear());
  }

  async append(generationId: string, event: StreamEvent): Promise<void> {
    await this.own.append(generationId, event);
    await this.attempt(() => this.copy(generationId, event.data.seq));
  }

  async read(generationId: string, after: number): Promise<StreamEvent[] | null> {
    const own = await this.own.read(generationId, after);
    return own ?? this.attempt(() => this.readCopy(generationId, after));
  }

  release(generationId: string): void {
    this.own.release(generationId);
    this.copied.delete(generationId);
    void this.attempt(() =>
      this.redis.run((commands) => commands.pExpire(keyOf(generationId), keepReleasedMs)),
    );
  }

  onModuleDestroy(): void {
    this.own.onModuleDestroy();
  }

  /** The same event twice is one member of the set, so a copy of which nobody knows whether it arrived can be repeated. */
  private async copy(generationId: string, seq: number): Promise<void> {
    const copied = this.copied.get(generationId) ?? 0;
    // Whoever ends the answer of a killed process has only the last event of it.
    const events =
      (await this.own.read(generationId, copied)) ?? (await this.own.read(generationId, seq - 1));
    const members = (events ?? []).map((event) => ({ score: event.data.seq, value: JSON.stringify(event) }));
    const key = keyOf(generationId);
    await this.redis.run((commands) => commands.multi().zAdd(key, members).pExpire(key, keepSilentMs).exec());
    this.copied.set(generationId, seq);
  }

  private async readCopy(generationId: string, after: number): Promise<StreamEvent[] | null> {
    const key = keyOf(generationId);
    const [isThere, members] = await this.redis.run((commands) =>
      Promise.all([commands.exists(key), commands.zRangeByScore(key, after + 1, '+inf')]),
    );
    if (!isThere) return null;
    const events = members.map((member) => JSON.parse(member) as StreamEvent);
    return events.every(({ data }, index) => data.seq === after + 1 + index) ? events : null;
  }

  /** Null when Redis cannot be used: an answer goes on without it. */
  private async attempt<Result>(work: () => Promise<Result>): Promise<Result | null> {
    if (!this.redis.isConnected) return null;
    try {
      return await work();
    } catch (error) {
      this.logger.debug({ msg: 'the stream log did without Redis', err: error });
      return null;
    }
  }
}

const keyOf = (generationId: string): string => `entrada:stream:${generationId}`;
