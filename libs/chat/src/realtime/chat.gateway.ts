import { UseFilters } from '@nestjs/common';
import { Throttle } from '@nestjs/throttler';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import type { z } from 'zod';
import {
  chatCommands,
  chatNamespace,
  type ChatServerEvents,
  type ErrorCode,
  type Generation,
  type OpenedConversation,
  type ResumedGeneration,
  type SentMessage,
} from '#contracts';
import {
  Access,
  AppError,
  type Caller,
  CurrentCaller,
  currentRequest,
  ProblemFilter,
  toProblem,
} from '#platform';
import { GenerationEvents } from '../generation/generation-events.ts';
import { Generations } from '../generation/generations.ts';
import { messageLimit } from '../generation/message-limit.ts';
import { Transcript } from '../generation/transcript.ts';

type ChatSocket = Socket<Record<string, never>, ChatServerEvents, Record<string, never>, { caller: Caller }>;
type Payload<Name extends keyof typeof chatCommands> = z.output<(typeof chatCommands)[Name]>;
type Ok<Answer extends object = object> = Promise<{ ok: true } & Answer>;

/** The live connection. The handshake has put the caller on the socket; the access guard decides each event. */
@WebSocketGateway({ namespace: chatNamespace })
@UseFilters(ProblemFilter)
export class ChatGateway implements OnGatewayConnection {
  /** Not there while the process starts: the bus may speak before, of what no tab here has missed. */
  @WebSocketServer()
  private readonly sockets: Namespace<Record<string, never>, ChatServerEvents> | undefined;

  constructor(
    private readonly transcript: Transcript,
    private readonly generations: Generations,
    private readonly events: GenerationEvents,
  ) {}

  handleConnection(socket: ChatSocket): void {
    const { userId, sessionId } = socket.data.caller;
    void socket.join(roomOfUser(userId));
    if (sessionId) void socket.join(roomOfSession(sessionId));
    socket.onAny((name: string, ...sent: unknown[]) => refuseUnknown(name, sent.at(-1)));
  }

  @SubscribeMessage('conversation:open')
  @Access('chat.read')
  async open(
    @CurrentCaller() { userId }: Caller,
    @MessageBody({ schema: chatCommands['conversation:open'] })
    { conversationId }: Payload<'conversation:open'>,
  ): Ok<OpenedConversation> {
    return { ok: true, ...(await this.transcript.open(userId, conversationId)) };
  }

  /** Every tab is told of everything of its person, so there is nothing to leave. */
  @SubscribeMessage('conversation:close')
  @Access('chat.read')
  async close(
    @CurrentCaller() { userId }: Caller,
    @MessageBody({ schema: chatCommands['conversation:close'] })
    { conversationId }: Payload<'conversation:close'>,
  ): Ok {
    await this.transcript.open(userId, conversationId);
    return { ok: true };
  }

  @SubscribeMessage('message:send')
  @Throttle({ person: messageLimit })
  @Access('chat.use')
  async send(
    @CurrentCaller() caller: Caller,
    @MessageBody({ schema: chatCommands['message:send'] })
    { conversationId, ...message }: Payload<'message:send'>,
  ): Ok<SentMessage> {
    return { ok: true, ...(await this.generations.send(caller, conversationId, message)) };
  }

  /** Events that are sent live meanwhile may come twice; their numbers tell. */
  @SubscribeMessage('generation:resume')
  @Access('chat.read')
  async resume(
    @CurrentCaller() { userId }: Caller,
    @ConnectedSocket() socket: ChatSocket,
    @MessageBody({ schema: chatCommands['generation:resume'] })
    { generationId, after }: Payload<'generation:resume'>,
  ): Ok<ResumedGeneration> {
    const { events, ...resumed } = await this.events.resume(userId, generationId, after);
    for (const { name, data } of events) tell(socket, name, data);
    return { ok: true, ...resumed };
  }

  @SubscribeMessage('generation:stop')
  @Access('chat.use')
  async stop(
    @CurrentCaller() caller: Caller,
    @MessageBody({ schema: chatCommands['generation:stop'] }) { generationId }: Payload<'generation:stop'>,
  ): Ok<{ generation: Generation }> {
    return { ok: true, ...(await this.generations.stop(caller, generationId)) };
  }

  /** For the application, on every process: a session was ended, so its sockets close and its answers stop. */
  async endSession(sessionId: string, code: ErrorCode): Promise<void> {
    const room = roomOfSession(sessionId);
    this.emit(room, 'session:ended', { code });
    this.sockets?.in(room).disconnectSockets(true);
    await this.generations.stopAll({ sessionId });
  }

  /** The sessions that have a tab open on this process. */
  get openSessions(): string[] {
    const sockets = [...(this.sockets?.sockets.values() ?? [])] as ChatSocket[];
    return [...new Set(sockets.flatMap(({ data }) => data.caller.sessionId ?? []))];
  }

  /** How many tabs are open on this process. */
  get connections(): number {
    return this.sockets?.sockets.size ?? 0;
  }

  /** Closes all tabs of this process so that they connect again, elsewhere where there is an elsewhere. */
  moveAll(): void {
    for (const { conn } of this.sockets?.sockets.values() ?? []) conn.close();
  }

  /** To the tabs that a person has open on this process; the others are told by their own. */
  tell<Name extends keyof ChatServerEvents>(userId: string, name: Name, payload: PayloadOf<Name>): void {
    this.emit(roomOfUser(userId), name, payload);
  }

  private emit<Name extends keyof ChatServerEvents>(
    room: string,
    name: Name,
    payload: PayloadOf<Name>,
  ): void {
    // Most of what happens is about people who have no tab here: nothing is made ready for them.
    if (this.sockets?.adapter.rooms.has(room)) tell(this.sockets.to(room), name, payload);
  }
}

type PayloadOf<Name extends keyof ChatServerEvents> = Parameters<ChatServerEvents[Name]>[0];

/** Socket.IO's own types lose track of which payload belongs to a name that is not known yet. */
function tell<Name extends keyof ChatServerEvents>(
  target: { emit(name: never, payload: never): unknown },
  name: Name,
  payload: PayloadOf<Name>,
): void {
  target.emit(name as never, payload as never);
}

const roomOfUser = (userId: string): string => `user:${userId}`;
const roomOfSession = (sessionId: string): string => `session:${sessionId}`;

/** Whoever asks for what does not exist is told so, instead of waiting for an answer. */
function refuseUnknown(name: string, acknowledge: unknown): void {
  if (Object.hasOwn(chatCommands, name) || typeof acknowledge !== 'function') return;
  const error = toProblem(new AppError('not_found'), currentRequest()?.requestId ?? '');
  (acknowledge as (answer: object) => void)({ ok: false, error });
}
