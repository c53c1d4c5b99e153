import { Injectable } from '@nestjs/common';
import type { ChatServerEvents } from '#contracts';

type ServerEvent = keyof ChatServerEvents;
export type PayloadOf<Name extends ServerEvent> = Parameters<ChatServerEvents[Name]>[0];
export type LiveSink = <Name extends ServerEvent>(
  userId: string,
  name: Name,
  payload: PayloadOf<Name>,
) => void;

/**
 * What a person's open tabs are told. Only the process where something happened emits; the sink (the gateway with
 * Socket.IO's adapter) carries it to the sockets of all processes.
 */
@Injectable()
export class LiveFeed {
  private sink: LiveSink | null = null;

  attach(sink: LiveSink): void {
    this.sink = sink;
  }

  emit<Name extends ServerEvent>(userId: string, name: Name, payload: PayloadOf<Name>): void {
    this.sink?.(userId, name, payload);
  }
}
