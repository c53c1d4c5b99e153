import { Injectable, Logger } from '@nestjs/common';
import type { ErrorCode } from '#contracts';
import { AppError, Clock, hashOf, secondsAfter, toAppError } from '#platform';
import { EntraClient, signInScopes } from '../entra/entra-client.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';
import { clockToleranceSeconds } from '../entra/id-token.ts';
import { SignIn } from '../sign-in/sign-in.ts';
import { IdentityVerification } from '../sign-in/verified-identity.ts';
import type { Bearer } from './access-token-claims.ts';
import { EntraBearerStrategy } from './entra-bearer.strategy.ts';

type Admission = { userId: string } | ErrorCode;

interface Kept {
  admission: Promise<Admission>;
  /** Milliseconds; endless while it is under way. */
  until: number;
}

/** How long somebody whom we refused is not asked about again; a new role works at the latest after this. */
const refusalSeconds = 10;
const mostKept = 10_000;

/**
 * An API caller's way in, once for each token: the token is verified, then Entra says on its behalf whose it is, by the
 * same identity, roles and audit entry as at a sign-in. It holds until the token expires; only genuine tokens are kept.
 */
@Injectable()
export class Admissions {
  private readonly logger = new Logger(Admissions.name);
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly strategy: EntraBearerStrategy,
    private readonly entra: EntraClient,
    private readonly verification: IdentityVerification,
    private readonly entrance: SignIn,
    private readonly clock: Clock,
  ) {}

  /**
   * Whose token this is, or why that person may not call. Throws AppError sign_in_unavailable, and
   * reauthentication_required with the claims that Entra wants of a better token.
   */
  async of(token: string): Promise<Admission> {
    const key = hashOf(token).toString('base64url');
    const known = this.known(key);
    if (known) return known;
    const bearer = await this.strategy.verify(token);
    if (!bearer) return 'not_authenticated';
    // Several calls may have come with the same new token.
    return this.known(key) ?? this.keep(key, bearer, this.admit(token, bearer));
  }

  private known(key: string): Promise<Admission> | undefined {
    const found = this.kept.get(key);
    return found && this.clock.now().getTime() < found.until ? found.admission : undefined;
  }

  private keep(key: string, { expiresAt }: Bearer, admission: Promise<Admission>) {
    this.makeRoom();
    const kept: Kept = { admission, until: Infinity };
    this.kept.set(key, kept);
    void this.settle(key, kept, expiresAt);
    return admission;
  }

  /** How long it holds shows when it is made; one that failed is made anew. */
  private async settle(key: string, kept: Kept, expiresAt: Date): Promise<void> {
    try {
      const isRefusal = typeof (await kept.admission) === 'string';
      const until = isRefusal
        ? secondsAfter(this.clock.now(), refusalSeconds)
        : secondsAfter(expiresAt, clockToleranceSeconds);
      kept.until = until.getTime();
    } catch {
      this.kept.delete(key);
    }
  }

  private makeRoom(): void {
    const now = this.clock.now().getTime();
    for (const [key, { until }] of this.kept) if (until <= now) this.kept.delete(key);
    const [oldest] = this.kept.keys();
    if (this.kept.size >= mostKept && oldest !== undefined) this.kept.delete(oldest);
  }

  private async admit(assertion: string, bearer: Bearer): Promise<Admission> {
    try {
      const tokens = await this.entra.onBehalfOf({ assertion, tenantId: bearer.tenantId }, signInScopes);
      const { person } = await this.verification.identify(tokens, null);
      if (person.tenantId !== bearer.tenantId || person.objectId !== bearer.objectId)
        throw new AppError('sign_in_failed', {}, { cause: new Error('Entra answered for another person') });
      const { id } = await this.entrance.admit(person, bearer);
      return { userId: id };
    } catch (thrown) {
      return this.refuse(toRefusal(thrown));
    }
  }

  /** What says nothing about the person is no refusal: the next call tries again. Nor is one that the caller can meet. */
  private async refuse(error: AppError): Promise<ErrorCode> {
    const { code, cause } = error;
    if (code === 'sign_in_unavailable' || code === 'service_unavailable' || code === 'internal') throw error;
    this.logger.warn({ msg: 'an API caller was refused', code, err: cause });
    await this.entrance.recordFailure('api_bearer', error);
    if (error.extras.claims !== undefined) throw error;
    return code;
  }
}

/** A caller without a browser cannot be sent anywhere; what helps is another token. */
const codeOfFailure: Record<FailureClass, ErrorCode> = {
  sign_in_again: 'not_authenticated',
  interaction: 'reauthentication_required',
  blocked: 'sign_in_declined',
  transient: 'sign_in_unavailable',
  operator: 'sign_in_unavailable',
};

function toRefusal(thrown: unknown): AppError {
  if (thrown instanceof EntraFailure) {
    const { failureClass, refusal } = thrown;
    const extras = failureClass === 'interaction' && refusal?.claims ? { claims: refusal.claims } : {};
    return new AppError(codeOfFailure[failureClass], extras, { cause: thrown });
  }
  const error = toAppError(thrown);
  return error.code === 'sign_in_failed'
    ? new AppError('not_authenticated', {}, { cause: error.cause })
    : error;
}
