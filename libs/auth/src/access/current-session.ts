import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { accessRuleOf, AppError, callCarrier } from '#platform';
import type { CarriesSession } from './access.guard.ts';
import type { LiveSession } from './authenticator.ts';
import type { Principal } from './principals.ts';

const carrierOf = (context: ExecutionContext) => callCarrier(context) as CarriesSession;

/**
 * The live session of this call; null only where the handler's rule allows none. An API caller has no session, so what
 * is about one is refused to them.
 */
export const CurrentSession = createParamDecorator(
  (_: unknown, context: ExecutionContext): LiveSession | null => {
    const { liveSession } = carrierOf(context);
    if (liveSession) return liveSession;
    if (accessRuleOf(context.getHandler())?.kind === 'optional-session') return null;
    throw new AppError('forbidden');
  },
);

/** Who makes this call, with or without a session. Only on handlers that are not public. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = carrierOf(context);
  if (!principal) throw new Error('A handler without access rule asks who calls');
  return principal;
});
