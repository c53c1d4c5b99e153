import { EventEmitter } from 'node:events';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.ts';

/** A named kind of event; the type of its payload travels with it. */
export interface Topic<Payload> {
  name: string;
  /** Never set; ties the payload's type to the topic. */
  payload?: Payload;
}
export const topic = <Payload>(name: string): Topic<Payload> => ({ name });

/** Carries what must flow up (a session was revoked, a message finished) without an import. Sent after commit. */
@Injectable()
export class EventBus {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private readonly logger = new Logger(EventBus.name);

  constructor(private readonly database: Database) {}

  publish<Payload>({ name }: Topic<Payload>, payload: Payload): void {
    this.database.afterCommit(() => this.emitter.emit(name, payload));
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
        this.logger.error({ msg: `a listener of ${name} failed`, err: error });
      }
    };
    this.emitter.on(name, guarded);
    return () => this.emitter.off(name, guarded);
  }
}
