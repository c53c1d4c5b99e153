import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Permission, Role } from '#contracts';

/** Who makes the call, as established by the access guard. Services take it or its parts, never the request. */
export interface Caller {
  userId: string;
  /** Null for API callers: they bring a token of Entra's with every call. */
  sessionId: string | null;
  roles: readonly Role[];
  permissions: readonly Permission[];
}

interface CarriesCaller {
  caller?: Caller;
}

/** The object that lives as long as the call: the HTTP request, or the socket's data. */
export const callCarrier = (context: ExecutionContext): CarriesCaller =>
  context.getType() === 'ws'
    ? context.switchToWs().getClient<{ data: CarriesCaller }>().data
    : context.switchToHttp().getRequest<CarriesCaller>();

/** Only on handlers that are not public: there the guard has set it. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = callCarrier(context);
  if (!caller) throw new Error('A handler without access rule asks for its caller');
  return caller;
});
