/**
 * Decides every call, over HTTP and over sockets: deny by default. In this order: a rule must be declared, a write must
 * come from our own page, the session must live, a write must carry its CSRF token, the permission must be held.
 */
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Socket } from 'socket.io';
import { AuditLog } from '#audit';
import { csrfHeader, type ErrorCode } from '#contracts';
import { type AccessRule, accessRuleOf, AppError, callCarrier, currentRequest } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { Sessions } from '../sessions/sessions.ts';
import { Authenticator, type Credential, type LiveSession } from './authenticator.ts';
import { credentialOf } from './credential.ts';
import { isCsrfTokenRight, isFromOurPage, isWrite } from './request-trust.ts';

/** Where the guard leaves the session for handlers of auth itself. */
export interface CarriesSession {
  liveSession?: LiveSession;
}

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly sessions: Sessions,
    private readonly config: AuthConfig,
    private readonly audit: AuditLog,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = accessRuleOf(context.getHandler());
    if (!rule) throw new AppError('forbidden');
    return context.getType() === 'ws' ? this.decideEvent(context, rule) : this.decideRequest(context, rule);
  }

  private async decideRequest(context: ExecutionContext, rule: AccessRule): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    this.requireOurPage(request);
    if (rule.kind === 'public') return true;

    const live = await this.authenticator.authenticate(credentialOf(request.headers, this.config.isHttps));
    if (typeof live === 'string') {
      if (rule.kind === 'optional-session') return true;
      throw new AppError(live);
    }
    this.introduce(context, live);
    const call = `${request.method} ${request.routeOptions.url}`;
    // A bearer token is sent on purpose; only a cookie comes along by itself.
    const isBearer = request.headers.authorization !== undefined;
    if (!isBearer && !hasCsrfToken(request, live)) await this.deny('csrf_failed', call);
    // Nor is a script with a token the person at the keyboard, whose requests keep the session alive.
    if (!isBearer) await this.sessions.slide(live.session);
    return this.requirePermission(rule, live, call);
  }

  /** The handshake has established the session; each event asks again whether it still lives. */
  private async decideEvent(context: ExecutionContext, rule: AccessRule): Promise<boolean> {
    const { credential } = context.switchToWs().getClient<Socket>().data as { credential: Credential };
    const live = await this.authenticator.authenticate(credential);
    if (typeof live === 'string') throw new AppError(live);
    this.introduce(context, live);
    if (credential.authorization === undefined) await this.sessions.slide(live.session);
    return this.requirePermission(rule, live, `event ${context.switchToWs().getPattern()}`);
  }

  private requireOurPage(request: FastifyRequest): void {
    const { origin, referer, 'sec-fetch-site': fetchSite } = request.headers;
    if (!isWrite(request.method)) return;
    const source = { origin, referer, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined };
    if (!isFromOurPage(source, this.config.publicUrl)) throw new AppError('csrf_failed');
  }

  private introduce(context: ExecutionContext, live: LiveSession): void {
    const { user, session, caller } = live;
    const request = currentRequest();
    if (request) {
      request.actor = { id: user.id, email: user.email, displayName: user.displayName };
      request.sessionId = session.id;
    }
    const carrier: { caller?: unknown } & CarriesSession = callCarrier(context);
    carrier.caller = caller;
    carrier.liveSession = live;
  }

  private async requirePermission(rule: AccessRule, { caller }: LiveSession, call: string): Promise<true> {
    if (rule.kind === 'permission' && !caller.permissions.includes(rule.permission))
      await this.deny('forbidden', call);
    return true;
  }

  /** Someone we know tried what they may not. A stranger is told no and leaves no entry. */
  private async deny(code: ErrorCode, call: string): Promise<never> {
    await this.audit.record({ action: 'access.denied', outcome: 'failure', details: { code, call } });
    throw new AppError(code);
  }
}

function hasCsrfToken(request: FastifyRequest, { csrfToken }: LiveSession): boolean {
  const sent = request.headers[csrfHeader];
  return !isWrite(request.method) || isCsrfTokenRight(typeof sent === 'string' ? sent : undefined, csrfToken);
}
