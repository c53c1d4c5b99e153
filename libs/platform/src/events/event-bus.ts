import { EventEmitter } from 'node:events';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { isDatabaseUnavailable } from '../database/database-failure.ts';

/** A named kind of event; the type of its payload travels with it. */
export interface Topic<Payload> {
  name: string;
  /** Never set; ties the payload's type to the topic. */
  payload?: Payload;
}

/** What survives JSON unchanged: no dates, maps or functions. */
type Plain<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends Date | Map<unknown, unknown> | Set<unknown> | ((...args: never[]) => unknown)
    ? never
    : { [Key in keyof Value]: Plain<Value[Key]> };

/** Payloads go to other processes, of the version before or after this one as well: add fields, never change one. */
export const topic = <Payload>(
  name: [Payload] extends [Plain<Payload>] ? string : never,
): Topic<Payload> => ({ name });

/** Said by the bus itself: events of other processes may have been missed until now. */
export const eventsMissed = topic<Record<string, never>>('bus.events-missed');

/**
 * Carries what must flow up (a session was revoked, a message finished) without an import. Sent after commit. This one
 * reaches the listeners of its own process; `RedisEventBus` those of all others as well.
 */
@Injectable()
export class EventBus {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  protected readonly logger = new Logger(EventBus.name);

  constructor(private readonly database: Database) {}

  /** False while events of other processes may be missed: what is remembered because of them is not to be believed. */
  get isWhole(): boolean {
    return true;
  }

  publish<Payload>({ name }: Topic<Payload>, payload: Payload): void {
    this.database.afterCommit(() => {
      this.send(name, payload);
      this.deliver(name, payload);
    });
  }

  /** For what every process has been told already, in other words. */
  publishHere<Payload>({ name }: Topic<Payload>, payload: Payload): void {
    this.database.afterCommit(() => this.deliver(name, payload));
  }

  /** Returns the way to unsubscribe. A listener that fails is logged and does not reach the publisher. */
  subscribe<Payload>(
    { name }: Topic<Payload>,
    listener: (payload: Payload) => void | Promise<void>,
  ): () => void {
    const guarded = async (payload: Payload) => {
      try {
        await listener(payload);
      } catch (error) {
        // While the database is away that is known, and nobody can mend it here.
        const level = isDatabaseUnavailable(error) ? 'warn' : 'error';
        this.logger[level]({ msg: `a listener of ${name} failed`, err: error });
      }
    };
    this.emitter.on(name, guarded);
    return () => this.emitter.off(name, guarded);
  }

  /** To the other processes, where there can be any. */
  protected send(_name: string, _payload: unknown): void {}

  protected deliver(name: string, payload: unknown): void {
    this.emitter.emit(name, payload);
  }
}
