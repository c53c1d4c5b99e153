import { EventEmitter } from 'node:events';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ResumedGeneration } from '#contracts';
import { type Caller, EventBus, Headcount } from '#platform';
import { conversationDeleted } from '../conversations/conversations.ts';
import { messageOf } from '../messages/message-wire.ts';
import { Messages } from '../messages/messages.ts';
import { generationTold, isFinal, type StreamEvent } from '../streaming/stream-event.ts';
import { StreamLog } from '../streaming/stream-log.ts';
import { type Answer, answerOf, deltasAfter, longer } from './answer.ts';
import type { StoredGeneration } from './generation.entity.ts';
import { GenerationRows } from './generation-rows.ts';
import type { FinishedStatus } from './outcome.ts';
import { isWithin, stopRequested } from './stop-scope.ts';
import { timing } from './timing.ts';
import { Wakeup } from './wakeup.ts';

/** By one person, in this process. */
const followedAtOnce = 20;

type Watcher = Pick<Caller, 'userId' | 'sessionId'>;

/** What a generation has told and will tell, from any number on: out of the stream log, else out of the database. */
@Injectable()
export class GenerationEvents implements OnApplicationShutdown {
  /** By the generation's id: wakes those who follow it. */
  private readonly news = new EventEmitter().setMaxListeners(0);
  private readonly followers = new Headcount(followedAtOnce, {
    code: 'too_many_connections',
    retryAfterSeconds: 30,
  });
  private readonly unsubscribe: () => void;

  constructor(
    private readonly rows: GenerationRows,
    private readonly messages: Messages,
    private readonly log: StreamLog,
    private readonly bus: EventBus,
  ) {
    this.unsubscribe = bus.subscribe(
      generationTold,
      ({ event }) => void this.news.emit(event.data.generationId),
    );
  }

  /** After the answers that were under way: those who follow them hear their end. */
  onApplicationShutdown(): void {
    this.unsubscribe();
  }

  /** The events missed since `after`, and where that leads. A finished generation always tells its end. */
  async resume(
    userId: string,
    id: string,
    after: number,
  ): Promise<ResumedGeneration & { events: StreamEvent[] }> {
    const row = await this.rows.require(userId, id);
    const events = await this.since(row, after);
    const last = events.at(-1);
    const status = last?.name === 'generation:finished' ? last.data.status : row.status;
    // What came since those were read is sent live; it must not be counted as sent here.
    const seq = last?.data.seq ?? Math.min(after, (await this.answerSoFar(row)).deltaEnds.length);
    return { events, seq, status };
  }

  /** Throws before anything is followed when there is no such generation of this person. */
  async follow(
    watcher: Watcher,
    id: string,
    after: number,
    signal: AbortSignal,
  ): Promise<AsyncIterable<StreamEvent>> {
    const row = await this.rows.require(watcher.userId, id);
    const leave = this.followers.enter(watcher.userId);
    signal.addEventListener('abort', leave, { once: true });
    return this.watch(watcher, row, after, signal, leave);
  }

  /** The answer as far as it is known here. */
  async answerSoFar(row: StoredGeneration): Promise<Answer> {
    const logged = await this.log.read(row.id, 0);
    return logged ? longer(answerOf(logged), row) : row;
  }

  private async *watch(
    watcher: Watcher,
    row: StoredGeneration,
    after: number,
    signal: AbortSignal,
    leaveFollowers: () => void,
  ): AsyncGenerator<StreamEvent> {
    const wakeup = new Wakeup();
    let isOver = false;
    const end = () => {
      isOver = true;
      wakeup.give();
    };
    this.news.on(row.id, wakeup.give);
    const leave = [
      leaveFollowers,
      () => this.news.off(row.id, wakeup.give),
      // A session that ends takes along what it watches, whoever began it.
      this.bus.subscribe(stopRequested, (scope) => {
        if (isWithin({ id: '', ...watcher }, scope)) end();
      }),
      this.bus.subscribe(conversationDeleted, ({ conversationId }) => {
        if (conversationId === row.conversationId) end();
      }),
    ];
    signal.addEventListener('abort', end, { once: true });
    try {
      let position = after;
      let isWoken = false;
      for (;;) {
        const events = await this.next(row, position, isWoken);
        for (const event of events ?? []) {
          yield event;
          if (isFinal(event)) return;
          position = event.data.seq;
        }
        if (!events || signal.aborted || isOver) return;
        isWoken = await wakeup.wait(timing.lookEveryMs);
      }
    } finally {
      leave.forEach((stop) => stop());
      signal.removeEventListener('abort', end);
    }
  }

  /** Null once the generation is deleted. The database is asked only when the log has no news of its own. */
  private async next(row: StoredGeneration, after: number, isWoken: boolean): Promise<StreamEvent[] | null> {
    const logged = await this.log.read(row.id, after);
    if (logged && (logged.length > 0 || isWoken)) return logged;
    const current = await this.rows.find(row.userId, row.id);
    return current && this.since(current, after);
  }

  private async since(row: StoredGeneration, after: number): Promise<StreamEvent[]> {
    if (row.status !== 'streaming') return this.replay(row, after);
    return (await this.log.read(row.id, after)) ?? deltasAfter(row.id, row, after);
  }

  private async replay(row: StoredGeneration, after: number): Promise<StreamEvent[]> {
    const message = messageOf(await this.messages.require(row.userId, row.messageId));
    const data = {
      generationId: row.id,
      seq: row.lastSeq + 1,
      status: row.status as FinishedStatus,
      message,
      ...(message.error ? { error: message.error } : {}),
    };
    const answer = { text: message.content, deltaEnds: row.deltaEnds };
    return [...deltasAfter(row.id, answer, after), { name: 'generation:finished', data }];
  }
}
