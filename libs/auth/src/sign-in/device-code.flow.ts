/**
 * Sign-in by device code (RFC 8628). We are the client and the broker: the code that can be redeemed never leaves the
 * server, and only the browser that began the sign-in can follow and complete it.
 */
import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { DeviceAttempt, ErrorCode } from '#contracts';
import { AppError, Clock, minutesAfter, secondsAfter } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraClient, type EntraTokens, signInScopes } from '../entra/entra-client.ts';
import { EntraFailure } from '../entra/entra-failure.ts';
import { EntraFetch } from '../entra/entra-fetch.ts';
import { EntraMetadataSource } from '../entra/entra-metadata.ts';
import { codeOfFailure } from './authorization-code.flow.ts';
import {
  type DeviceAuthorization,
  deviceAuthorizationSchema,
  PacedNetwork,
  PollingEnded,
} from './device-polling.ts';
import { completionMinutes, type DeviceFlow } from './device-flow.ts';
import { SignIn, type SignedIn, type SignInRequest } from './sign-in.ts';
import type { AttemptStatus, SignInAttempt } from './sign-in-attempt.entity.ts';
import { SignInAttempts } from './sign-in-attempts.ts';
import { IdentityVerification } from './verified-identity.ts';

const kind = 'device_code';
/** Beyond the next poll, before another process may take the polling over. */
const leaseSlackSeconds = 30;

@Injectable()
export class DeviceCodeFlow implements DeviceFlow, OnModuleDestroy {
  readonly kind = kind;
  private readonly logger = new Logger(DeviceCodeFlow.name);
  private isStopping = false;

  constructor(
    private readonly config: AuthConfig,
    private readonly attempts: SignInAttempts,
    private readonly metadata: EntraMetadataSource,
    private readonly entraFetch: EntraFetch,
    private readonly entra: EntraClient,
    private readonly verification: IdentityVerification,
    private readonly entrance: SignIn,
    private readonly clock: Clock,
  ) {}

  onModuleDestroy(): void {
    this.isStopping = true;
  }

  async begin(browser: string, remember: boolean): Promise<DeviceAttempt> {
    const authorization = await this.authorize();
    const now = this.clock.now();
    const attempt = {
      id: randomUUID(),
      kind,
      browser,
      secret: JSON.stringify(authorization),
      remember,
      expiresAt: secondsAfter(now, authorization.expires_in),
      leaseUntil: this.leaseAfter(authorization.interval),
    } as const;
    await this.attempts.begin(attempt);
    void this.poll(attempt.id, authorization, attempt.expiresAt);
    return {
      attemptId: attempt.id,
      userCode: authorization.user_code,
      verificationUri: authorization.verification_uri,
      message: authorization.message,
      expiresAt: attempt.expiresAt.toISOString(),
      intervalSeconds: authorization.interval,
    };
  }

  async finish(attempt: SignInAttempt, request: SignInRequest): Promise<SignedIn> {
    const { accessTokenExpiresAt, ...tokens } = JSON.parse(this.attempts.secretOf(attempt)) as StoredTokens;
    const proof: EntraTokens = { ...tokens, expiresAt: new Date(accessTokenExpiresAt) };
    return this.entrance.signIn(await this.verification.verify(kind, proof, null), request);
  }

  /** Whoever polls for it notices before the next poll. */
  async abandon(): Promise<void> {}

  /** Goes on where a process that stopped has left off. */
  @Interval(10_000)
  async adoptOrphans(): Promise<void> {
    for (const attempt of await this.attempts.adopt(kind, this.leaseAfter(0))) {
      const authorization = deviceAuthorizationSchema.parse(JSON.parse(this.attempts.secretOf(attempt)));
      void this.poll(attempt.id, authorization, attempt.expiresAt);
    }
  }

  private async authorize(): Promise<DeviceAuthorization> {
    const { authorityHost, tenantId, clientId } = this.config;
    const { document } = await this.metadata.get();
    const endpoint =
      document.device_authorization_endpoint ?? `${authorityHost}/${tenantId}/oauth2/v2.0/devicecode`;
    const scope = [...signInScopes, 'openid', 'profile', 'offline_access'].join(' ');
    try {
      const response = await this.entraFetch.fetch(endpoint, {
        method: 'POST',
        body: new URLSearchParams({ client_id: clientId, scope }),
      });
      if (!response.ok) throw new Error(`device authorization: status ${response.status}`);
      return deviceAuthorizationSchema.parse(await response.json());
    } catch (cause) {
      throw new AppError('sign_in_unavailable', {}, { cause });
    }
  }

  private async poll(id: string, authorization: DeviceAuthorization, expiresAt: Date): Promise<void> {
    try {
      const tokens = await this.redeem(id, authorization, expiresAt);
      await this.attempts.settle(id, {
        status: 'approved',
        secret: JSON.stringify(toStored(tokens)),
        expiresAt: minutesAfter(this.clock.now(), completionMinutes),
      });
    } catch (error) {
      await this.settleFailure(id, error).catch((failure: unknown) =>
        this.logger.warn({ msg: 'a device sign-in could not be settled', err: failure }),
      );
    }
  }

  /** Polls until Entra decides; an answer that never came is no decision. */
  private async redeem(
    id: string,
    authorization: DeviceAuthorization,
    expiresAt: Date,
  ): Promise<EntraTokens> {
    const network = new PacedNetwork(this.entraFetch.fetch, {
      authorization,
      mayPoll: async (next) => !this.isStopping && this.attempts.renewLease(id, this.leaseAfter(next)),
    });
    for (;;) {
      try {
        return await this.entra.redeemDeviceCode(network);
      } catch (error) {
        if (network.hasEnded) throw new PollingEnded();
        const isTransient = error instanceof EntraFailure && error.failureClass === 'transient';
        if (!isTransient || this.clock.now() >= expiresAt) throw error;
      }
    }
  }

  private async settleFailure(id: string, error: unknown): Promise<void> {
    // The attempt is over already, or another process goes on with it.
    if (error instanceof PollingEnded || this.isStopping) return;
    const refusal = error instanceof EntraFailure ? error.refusal?.error : undefined;
    const outcome = outcomes.get(refusal ?? '') ?? { status: 'failed', failure: failureOf(error) };
    this.logger.log({ msg: 'a device sign-in ended', status: outcome.status, refusal });
    const recorded = () => this.entrance.recordFailure(kind, new AppError(outcome.failure), id);
    await this.attempts.settle(id, outcome, recorded);
  }

  private leaseAfter(nextPollSeconds: number): Date {
    return secondsAfter(this.clock.now(), nextPollSeconds + leaseSlackSeconds);
  }
}

type StoredTokens = Omit<EntraTokens, 'expiresAt'> & { accessTokenExpiresAt: string };
const toStored = ({ expiresAt, ...tokens }: EntraTokens): StoredTokens => ({
  ...tokens,
  accessTokenExpiresAt: expiresAt.toISOString(),
});

const declined = { status: 'declined', failure: 'sign_in_cancelled' } as const;
const expired = { status: 'expired', failure: 'sign_in_expired' } as const;
/** RFC 8628, 3.5, and the names that Entra uses for the same. */
const outcomes = new Map<string, { status: AttemptStatus; failure: ErrorCode }>([
  ['authorization_declined', declined],
  ['access_denied', declined],
  ['expired_token', expired],
  ['code_expired', expired],
  // The last word before time ran out.
  ['authorization_pending', expired],
]);

const failureOf = (error: unknown): ErrorCode =>
  error instanceof EntraFailure ? codeOfFailure[error.failureClass] : 'sign_in_failed';
