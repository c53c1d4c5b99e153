import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { MessageMappingProperties } from '@nestjs/websockets';
import { defer, type Observable } from 'rxjs';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { AuthConfig, Authenticator, credentialOf, isCsrfTokenRight, isFromOurPage } from '#auth';
import { chatNamespace, type ErrorCode } from '#contracts';
import {
  AddressLimitGuard,
  clientAddress,
  Headcount,
  inRequest,
  RefusalLog,
  type RequestContext,
  toAppError,
  userAgentOf,
} from '#platform';
import { Draining } from '../processes/draining.ts';
import { RequestMetrics } from '../metrics/request-metrics.ts';
import { watchEvent } from './event-watch.ts';
import { RefusedHandshake } from './refused-handshake.ts';

/** Room for the longest message, however its characters are escaped. */
const largestPacketBytes = 1024 * 1024;
/** Whoever connects and does not say who they are. */
const handshakeWithinMs = 10_000;
/** By one person, in this process: more tabs than anybody reads. Each delta of each of their answers goes to all of them. */
const openAtOnce = 20;

/**
 * Sockets are authenticated before any handler runs: the origin at the HTTP upgrade, the session and its CSRF token in
 * the handshake. Each event asks the access guard again, so a session that ends takes its sockets along.
 */
export class AuthenticatedIoAdapter extends IoAdapter {
  private readonly config: AuthConfig;
  private readonly authenticator: Authenticator;
  private readonly draining: Draining;
  private readonly addresses: AddressLimitGuard;
  private readonly metrics: RequestMetrics;
  private readonly open = new Headcount(openAtOnce, { code: 'too_many_connections', retryAfterSeconds: 30 });
  private readonly refusals: RefusalLog;
  private readonly addressOf: (request: IncomingMessage) => string | null;

  constructor(app: INestApplication, trustedProxies: string[]) {
    super(app);
    const trust = proxyAddr.compile(trustedProxies);
    this.addressOf = (request) => clientAddress(proxyAddr(request, trust));
    this.config = app.get(AuthConfig);
    this.authenticator = app.get(Authenticator);
    this.draining = app.get(Draining);
    this.addresses = app.get(AddressLimitGuard);
    this.metrics = app.get(RequestMetrics);
    this.refusals = app.get(RefusalLog, { strict: false });
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const server = super.createIOServer(port, {
      ...options,
      path: '/socket.io',
      addTrailingSlash: false,
      serveClient: false,
      maxHttpBufferSize: largestPacketBytes,
      connectTimeout: handshakeWithinMs,
      allowRequest: (request, decide) => {
        // Not an answer: a web server in front then asks another process instead of passing it on.
        if (this.draining.refusesSockets) return request.socket.destroy();
        const { origin, 'sec-fetch-site': fetchSite } = request.headers;
        const source = { origin, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined };
        const isOurs = origin !== undefined && isFromOurPage(source, this.config.publicUrl);
        if (!isOurs) this.record(request, 'csrf_failed');
        if (!isOurs) return decide(null, false);
        this.addresses.admits(this.addressOf(request), 'handshake').then(
          (isAdmitted) => decide(null, isAdmitted),
          () => decide(null, false),
        );
      },
    } as ServerOptions) as Server;
    // The default namespace offers nothing.
    server.use((_socket, next) => next(new RefusedHandshake('not_found')));
    server.of(chatNamespace).use((socket, next) => void this.admit(socket, next));
    return server;
  }

  /**
   * As Nest does it, but for the chain of subscriptions that it keeps for each event of each socket: most sockets say
   * nothing for hours, and that was half of what they cost (docs/performance.md).
   */
  override bindMessageHandlers(
    socket: Socket,
    handlers: MessageMappingProperties[],
    transform: (answer: unknown) => Observable<unknown>,
  ): void {
    for (const { message, callback } of handlers)
      socket.on(message as string, (...sent: unknown[]) => {
        const { data, ack } = this.mapPayload(sent.length === 1 ? sent[0] : sent);
        defer(() => transform(callback(data, ack))).subscribe({
          next: (answer) => answer && ack?.(answer),
          error: (error: unknown) => this.logger.error(error),
        });
      });
  }

  private async admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    try {
      await this.establish(socket);
      next();
    } catch (error) {
      next(error instanceof RefusedHandshake ? error : this.failed(error));
    }
  }

  /** Told as over HTTP: whoever comes while the database is away comes back later. */
  private failed(error: unknown): RefusedHandshake {
    const refusal = toAppError(error);
    const { code, cause } = refusal;
    const line = { msg: 'a handshake failed', code, err: cause ?? error };
    if (code === 'internal') this.logger.error(line);
    else if (cause) this.logger.warn(line);
    return new RefusedHandshake(refusal);
  }

  private async establish(socket: Socket): Promise<void> {
    const { csrfToken, token } = socket.handshake.auth as { csrfToken?: unknown; token?: unknown };
    const isBearer = typeof token === 'string';
    const credential = {
      ...credentialOf(socket.request, this.config.isHttps),
      authorization: isBearer ? `Bearer ${token}` : undefined,
    };
    const live = await this.authenticator.authenticate(credential);
    if (typeof live === 'string') throw new RefusedHandshake(live);
    const isTrusted =
      isBearer || isCsrfTokenRight(typeof csrfToken === 'string' ? csrfToken : undefined, live.csrfToken);
    const { id, email, displayName } = live.user;
    const who = { actor: { id, email, displayName }, sessionId: live.session.id };
    if (!isTrusted) {
      this.record(socket.request, 'csrf_failed', who);
      throw new RefusedHandshake('csrf_failed');
    }
    // Who has gone meanwhile is let go of by Socket.IO, and never closes again.
    if (socket.conn.readyState === 'open') socket.conn.once('close', this.open.enter(id));
    socket.data = { caller: live.caller, credential };
    socket.use((packet, next) => {
      const context = { ...this.contextOf(socket.request), ...who };
      const within = watchEvent(packet, context.requestId, this.metrics);
      inRequest(context, () => within(next));
    });
  }

  private contextOf(request: IncomingMessage): RequestContext {
    return {
      requestId: randomUUID(),
      address: this.addressOf(request),
      userAgent: userAgentOf(request.headers),
    };
  }

  /** The refusal does not wait for its entry, nor depend on it. */
  private record(request: IncomingMessage, code: ErrorCode, who: Partial<RequestContext> = {}): void {
    void inRequest({ ...this.contextOf(request), ...who }, () =>
      this.refusals.hearOf(code, 'live connection'),
    );
  }
}
