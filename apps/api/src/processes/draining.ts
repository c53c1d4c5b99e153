import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ChatGateway, Generations } from '#chat';
import { Redis } from '#platform';
import { OpenRequests } from './open-requests.ts';
import { ProcessLease } from './process-lease.ts';

/** How long those who send requests here may take to notice that they should not; none are refused meanwhile. */
const noticeMs = 2_000;
const lookEveryMs = 25;

/** Its own token: seconds. */
export abstract class ShutdownGrace {
  abstract readonly seconds: number;
}

/**
 * The end of a process that drops nothing. It is no longer ready; where there are others, its tabs connect to them and
 * new requests are still answered until the balancer has noticed; then it listens no more, and what is under way has the
 * rest of the grace. What is left after that is cut off when the application closes: an answer keeps the text so far.
 */
@Injectable()
export class Draining {
  private hasBegun = false;
  private readonly logger = new Logger(Draining.name);

  constructor(
    private readonly grace: ShutdownGrace,
    private readonly lease: ProcessLease,
    private readonly requests: OpenRequests,
    private readonly gateway: ChatGateway,
    private readonly generations: Generations,
    private readonly http: HttpAdapterHost,
    @Inject(Redis) private readonly redis: Redis | null,
  ) {}

  get isUnderWay(): boolean {
    return this.hasBegun;
  }

  /** Where there are others to take them. */
  get refusesSockets(): boolean {
    return this.hasBegun && this.redis !== null;
  }

  async drain(): Promise<void> {
    this.hasBegun = true;
    const end = performance.now() + this.grace.seconds * 1000;
    await this.lease.release();
    if (this.redis) {
      this.gateway.moveAll();
      await wait(Math.min(noticeMs, this.grace.seconds * 1000));
    }
    (this.http.httpAdapter.getHttpServer() as Server).close();
    while (this.isBusy && performance.now() < end) await wait(lookEveryMs);
    if (this.isBusy)
      this.logger.warn({
        msg: 'the grace is over',
        answers: this.generations.running,
        requests: this.requests.count,
      });
  }

  private get isBusy(): boolean {
    return this.generations.running > 0 || this.requests.count > 0;
  }
}
