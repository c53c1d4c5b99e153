import { type Socket, io } from 'socket.io-client';
import type { z } from 'zod';
import {
  type Acknowledgement,
  type ChatCommand,
  type ChatServerEvents,
  type chatCommands,
  chatNamespace,
} from '#contracts';
import { currentCsrfToken } from './api.ts';
import { ApiProblem } from './problem.ts';
import { traceparent } from './trace.ts';

type Payload<Name extends ChatCommand> = z.input<(typeof chatCommands)[Name]>;
type ChatClientEvents = {
  [Name in ChatCommand]: (payload: Payload<Name>, acknowledge: (answer: Acknowledgement) => void) => void;
};
export type ChatSocket = Socket<ChatServerEvents, ChatClientEvents>;

export function openChatSocket(): ChatSocket {
  return io(chatNamespace, {
    path: '/socket.io',
    addTrailingSlash: false,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    auth: (answer) => answer({ csrfToken: currentCsrfToken() }),
  });
}

/** No acknowledgement came: whether the server did it is unknown. */
export class NoAcknowledgement extends Error {}

/**
 * @throws {ApiProblem} when the server refuses.
 * @throws {NoAcknowledgement} when there is no connection or no answer in time.
 */
export async function ask<Name extends ChatCommand>(
  socket: ChatSocket | null,
  name: Name,
  payload: Payload<Name>,
  { timeoutMs = 6_000, action }: { timeoutMs?: number; action?: string } = {},
): Promise<object> {
  if (socket?.connected !== true) throw new NoAcknowledgement(`${name}: not connected`);
  const answer = await new Promise<Acknowledgement>((resolve, reject) => {
    const waiting = socket.timeout(timeoutMs) as unknown as {
      emit(
        name: Name,
        payload: Payload<Name> & { traceparent: string },
        done: (error: Error | null, answer: Acknowledgement) => void,
      ): void;
    };
    waiting.emit(name, { ...payload, traceparent: traceparent(action) }, (error, acknowledged) => {
      if (error === null) resolve(acknowledged);
      else reject(new NoAcknowledgement(`${name}: no answer`, { cause: error }));
    });
  });
  if (answer.ok) return answer;
  throw new ApiProblem(answer.error);
}
