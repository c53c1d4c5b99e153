/**
 * The one connection to Redis (or Valkey): commands and the subscriptions of the event bus, by RESP3. Nothing waits for
 * it: a command that cannot be sent, or is not answered in time, fails at once and its caller has another way. A server
 * that is silent counts as gone, and the connection is made anew for as long as the process lives.
 */
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createClient } from 'redis';
import { TooLate, within } from '../deadline.ts';

export const redisTimes = {
  connectMs: 2_000,
  /** The longest that a request is held up by a server that does not answer. */
  answerMs: 500,
  pingEveryMs: 500,
  /** Without a byte for so long, pings included, the connection is given up. */
  silenceMs: 1_500,
  longestPauseMs: 1_000,
} as const;

/** Commands that have no answer yet; beyond that they fail like those to a server that is away. */
export const mostWaiting = 10_000;

const open = (url: string) =>
  createClient({
    url,
    name: 'entrada',
    disableOfflineQueue: true,
    commandsQueueMaxLength: mostWaiting,
    pingInterval: redisTimes.pingEveryMs,
    socket: {
      connectTimeout: redisTimes.connectMs,
      socketTimeout: redisTimes.silenceMs,
      reconnectStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 10), redisTimes.longestPauseMs),
    },
  });

export type RedisCommands = Pick<
  ReturnType<typeof open>,
  'publish' | 'multi' | 'zAdd' | 'zRangeByScore' | 'exists' | 'pExpire' | 'ping'
>;

export class Redis implements OnApplicationShutdown {
  private readonly client: ReturnType<typeof open>;
  private readonly logger = new Logger(Redis.name);
  private readonly connectedListeners: (() => void)[] = [];
  private isAway = false;
  /** Since a command was not answered in time; meanwhile only a ping waits. */
  private isSilent = false;

  constructor(url: string) {
    this.client = open(url)
      .on('ready', () => this.noteBack())
      .on('error', (error: unknown) => this.noteAway(error));
    // Settles only when this process closes the connection: until then it tries again.
    this.client.connect().catch(() => undefined);
  }

  /** Whether commands reach it and everything that is published is heard. */
  get isConnected(): boolean {
    return this.client.isReady && !this.isSilent;
  }

  /** Calls back each time that a connection stands and its subscriptions with it: what was published before was missed. */
  onConnected(listener: () => void): void {
    this.connectedListeners.push(listener);
  }

  listen(channel: string, listener: (message: string) => void): void {
    this.client.subscribe(channel, listener).catch((error: unknown) => this.noteAway(error));
  }

  /** Fails at once while Redis cannot be used, and within half a second when it turns out so. */
  async run<Answer>(command: (commands: RedisCommands) => Promise<Answer>): Promise<Answer> {
    if (!this.isConnected) throw new Error('Redis is away');
    try {
      return await within(redisTimes.answerMs, command(this.client), 'Redis');
    } catch (error) {
      if (error instanceof TooLate) this.noteSilent(error);
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    // What was published last is still on its way.
    await this.run((commands) => commands.ping()).catch(() => undefined);
    this.client.destroy();
  }

  private noteBack(): void {
    this.logger.log(this.isAway ? 'Redis is back' : 'connected to Redis');
    this.isAway = false;
    this.isSilent = false;
    this.connectedListeners.forEach((listener) => listener());
  }

  private noteSilent(error: unknown): void {
    if (this.isSilent) return;
    this.isSilent = true;
    this.noteAway(error);
    void this.awaitAnswer();
  }

  /** As nothing more is written, a connection that stays silent is given up and made anew. */
  private async awaitAnswer(): Promise<void> {
    try {
      await this.client.ping();
      this.noteBack();
    } catch {
      // Whoever connects anew says so.
    }
  }

  /** Once for each outage: it tries again many redisTimes. */
  private noteAway(error: unknown): void {
    if (this.isAway || this.isConnected) return;
    this.isAway = true;
    this.logger.warn({
      msg: 'Redis cannot be reached: this process is on its own until it is back',
      err: error,
    });
  }
}
