import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError, callCarrier, Clock, recentSignInRuleOf } from '#platform';
import { isRecentSignIn } from '../sessions/session-policy.ts';
import type { CarriesSession } from './access.guard.ts';

/** Runs after the access guard, which has established the session. Whoever has none is refused as well. */
@Injectable()
export class RecentSignInGuard implements CanActivate {
  constructor(private readonly clock: Clock) {}

  canActivate(context: ExecutionContext): boolean {
    const needsRecentSignIn = recentSignInRuleOf(context.getHandler());
    if (!needsRecentSignIn?.(bodyOf(context))) return true;
    const { liveSession } = callCarrier(context) as CarriesSession;
    if (!liveSession || !isRecentSignIn(liveSession.session, this.clock.now()))
      throw new AppError('step_up_required');
    return true;
  }
}

const bodyOf = (context: ExecutionContext): unknown =>
  context.getType() === 'ws'
    ? context.switchToWs().getData<unknown>()
    : context.switchToHttp().getRequest<FastifyRequest>().body;
