/**
 * Decides every call, over HTTP and over sockets: deny by default. In this order: a rule must be declared, a write must
 * come from our own page, the session must live, a write must carry its CSRF token, the permission must be held. What is
 * refused is recorded where problems are answered, for every guard alike.
 */
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Socket } from 'socket.io';
import { csrfHeader } from '#contracts';
import { type AccessRule, accessRuleOf, AppError, callCarrier, currentRequest } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { Sessions } from '../sessions/sessions.ts';
import { Authenticator, type Credential, type LiveSession } from './authenticator.ts';
import { credentialOf } from './credential.ts';
import { type Principal, Principals } from './principals.ts';
import { isCsrfTokenRight, isFromOurPage, isWrite } from './request-trust.ts';

/** Where the guard leaves what it found for handlers of auth itself. */
export interface CarriesSession {
  principal?: Principal;
  /** The principal, where they have a session. */
  liveSession?: LiveSession;
}

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly principals: Principals,
    private readonly authenticator: Authenticator,
    private readonly sessions: Sessions,
    private readonly config: AuthConfig,
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

    const principal = await this.principals.of(credentialOf(request.raw, this.config.isHttps));
    if (typeof principal === 'string') {
      if (rule.kind === 'optional-session') return true;
      throw new AppError(principal);
    }
    this.introduce(context, principal);
    // A bearer token is sent on purpose; only a cookie comes along by itself. Nor is a script with a token the person at
    // the keyboard, whose requests keep the session alive.
    if (principal.session && request.headers.authorization === undefined) {
      if (!hasCsrfToken(request, principal)) throw new AppError('csrf_failed');
      await this.sessions.slide(principal.session);
    }
    return holdsPermission(rule, principal);
  }

  /** The handshake has established the session; each event asks again whether it still lives. */
  private async decideEvent(context: ExecutionContext, rule: AccessRule): Promise<boolean> {
    const { credential } = context.switchToWs().getClient<Socket>().data as { credential: Credential };
    const live = await this.authenticator.authenticate(credential);
    if (typeof live === 'string') throw new AppError(live);
    this.introduce(context, live);
    if (credential.authorization === undefined) await this.sessions.slide(live.session);
    return holdsPermission(rule, live);
  }

  private requireOurPage(request: FastifyRequest): void {
    const { origin, referer, 'sec-fetch-site': fetchSite } = request.headers;
    if (!isWrite(request.method)) return;
    const source = { origin, referer, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined };
    if (!isFromOurPage(source, this.config.publicUrl)) throw new AppError('csrf_failed');
  }

  private introduce(context: ExecutionContext, principal: Principal): void {
    const { user, session, caller } = principal;
    const request = currentRequest();
    if (request) {
      request.actor = { id: user.id, email: user.email, displayName: user.displayName };
      request.sessionId = session?.id;
    }
    const carrier: { caller?: unknown } & CarriesSession = callCarrier(context);
    carrier.caller = caller;
    carrier.principal = principal;
    if (principal.session) carrier.liveSession = principal;
  }
}

function holdsPermission(rule: AccessRule, { caller }: Principal): true {
  if (rule.kind === 'permission' && !caller.permissions.includes(rule.permission))
    throw new AppError('forbidden');
  return true;
}

function hasCsrfToken(request: FastifyRequest, { csrfToken }: LiveSession): boolean {
  const sent = request.headers[csrfHeader];
  return !isWrite(request.method) || isCsrfTokenRight(typeof sent === 'string' ? sent : undefined, csrfToken);
}
