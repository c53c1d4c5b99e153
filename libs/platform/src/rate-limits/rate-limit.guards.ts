/**
 * How much one address (an IPv6 network counts as one) and one person may ask, per route. Routes that cost more say so
 * with `@Throttle({ address: … })` or `@Throttle({ person: … })`. The address is counted before anything is decided, the
 * person once it is known.
 */
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerOptions } from '@nestjs/throttler';
import { AppError } from '../errors/app-error.ts';
import { callCarrier } from '../http/caller.ts';
import { currentRequest } from '../http/request-context.ts';

const minute = 60_000;

/** Wide enough for an office behind one address; a route of its own may be narrower. */
export const standardLimits = {
  address: { name: 'address', ttl: minute, limit: 6_000 },
  person: { name: 'person', ttl: minute, limit: 3_000 },
} as const satisfies Record<string, ThrottlerOptions>;

@Injectable()
abstract class RateLimitGuard extends ThrottlerGuard {
  protected abstract readonly subject: keyof typeof standardLimits;

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    this.throttlers = this.throttlers.filter(({ name }) => name === this.subject);
  }

  /** Nothing in it is secret, so nothing is hashed, which each request would pay for twice. */
  protected override generateKey(context: ExecutionContext, tracker: string, name: string): string {
    return `${name} ${context.getClass().name}.${context.getHandler().name} ${tracker}`;
  }

  protected override throwThrottlingException(
    _context: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    throw new AppError('rate_limited', { retryAfterSeconds: timeToBlockExpire });
  }
}

/** Sockets are counted at their handshake's request and, once open, by person. */
@Injectable()
export class AddressLimitGuard extends RateLimitGuard {
  protected readonly subject = 'address';

  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(context.getType() !== 'http');
  }

  /** For what no handler answers, such as the beginning of a live connection: counted by itself, as a request is. */
  async admits(address: string | null, what: string): Promise<boolean> {
    const { name, ttl, limit } = standardLimits.address;
    const key = `${what} ${await super.getTracker({ ip: address ?? '' })}`;
    return !(await this.storageService.increment(key, ttl, limit, ttl, name)).isBlocked;
  }

  protected override getTracker(): Promise<string> {
    return super.getTracker({ ip: currentRequest()?.address ?? '' });
  }
}

@Injectable()
export class PersonLimitGuard extends RateLimitGuard {
  protected readonly subject = 'person';

  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(!callCarrier(context).caller);
  }

  protected override getTracker(_request: unknown, context?: ExecutionContext): Promise<string> {
    return Promise.resolve((context && callCarrier(context).caller?.userId) ?? '');
  }

  protected override getRequestResponse(context: ExecutionContext) {
    return { req: context.getArgByIndex<Record<string, unknown>>(0), res: {} };
  }
}
