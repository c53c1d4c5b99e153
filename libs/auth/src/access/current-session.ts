import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { callCarrier } from '#platform';
import type { CarriesSession } from './access.guard.ts';
import type { LiveSession } from './authenticator.ts';

/** The live session of this call; null only where the handler's rule allows none. */
export const CurrentSession = createParamDecorator(
  (_: unknown, context: ExecutionContext): LiveSession | null =>
    (callCarrier(context) as CarriesSession).liveSession ?? null,
);
