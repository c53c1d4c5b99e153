/**
 * Sign-in by authorization code with PKCE (RFC 7636, RFC 9700). `begin` leaves an attempt behind; `finish` accepts the
 * answer only for that attempt, from the same browser, once.
 */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CallbackQuery, ErrorCode, LoginQuery } from '#contracts';
import { AppError, Clock, hashOf, minutesAfter, newSecretToken, toAppError } from '#platform';
import { EntraClient, type EntraTokens } from '../entra/entra-client.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';
import { safeReturnTo } from './return-to.ts';
import { SignIn, type SignedIn, type SignInRequest } from './sign-in.ts';
import type { SignInAttempt } from './sign-in-attempt.entity.ts';
import { SignInAttempts } from './sign-in-attempts.ts';
import { StepUp, StepUpFailed, type StepUpRequest } from './step-up.ts';
import { IdentityVerification } from './verified-identity.ts';

const kind = 'authorization_code';
/** As long as a code is good for at Entra, and enough for a second factor. */
const attemptMinutes = 15;

export interface Finished {
  signedIn: SignedIn;
  returnTo: string;
}

@Injectable()
export class AuthorizationCodeFlow {
  constructor(
    private readonly attempts: SignInAttempts,
    private readonly entra: EntraClient,
    private readonly verification: IdentityVerification,
    private readonly entrance: SignIn,
    private readonly stepUp: StepUp,
    private readonly clock: Clock,
  ) {}

  /** Returns Entra's address to send the browser to. */
  async begin(
    browser: string,
    { returnTo, remember }: Pick<LoginQuery, 'returnTo' | 'remember'>,
    stepUp: StepUpRequest | null = null,
  ): Promise<string> {
    const [state, nonce, codeVerifier] = [newSecretToken(), newSecretToken(), newSecretToken()];
    const codeChallenge = hashOf(codeVerifier).toString('base64url');
    const url = await this.entra.authorizationUrl({
      state,
      nonce,
      codeChallenge,
      again: stepUp?.again,
    });
    await this.attempts.begin({
      id: randomUUID(),
      kind,
      browser,
      state,
      nonce,
      secret: codeVerifier,
      returnTo: safeReturnTo(returnTo),
      remember: stepUp?.remember ?? remember,
      stepUpOf: stepUp?.userId,
      confirms: stepUp?.reason === 'confirm',
      expiresAt: minutesAfter(this.clock.now(), attemptMinutes),
    });
    return url;
  }

  async finish(
    browser: string | null,
    answer: CallbackQuery,
    previousToken: string | null,
  ): Promise<Finished> {
    if (!browser) throw new AppError('sign_in_expired');
    const attempt = await this.requireAttempt(browser, answer.state);
    if (!(await this.attempts.take(attempt, 'pending'))) throw new AppError('sign_in_expired');
    try {
      return await this.accept(attempt, answer, { browser, previousToken });
    } catch (cause) {
      throw attempt.stepUpOf ? new StepUpFailed(attempt.stepUpOf, toAppError(cause), { cause }) : cause;
    }
  }

  private async accept(
    attempt: SignInAttempt,
    answer: CallbackQuery,
    request: Pick<SignInRequest, 'browser' | 'previousToken'>,
  ): Promise<Finished> {
    if (answer.error !== undefined) throw new AppError(codeOfRefusal(answer.error));
    if (!answer.code) throw new AppError('sign_in_failed');
    const tokens = await this.redeem(answer.code, attempt);
    const challenge = await this.stepUp.challengeFor(attempt);
    const identity = await this.verification.verify(kind, tokens, attempt.nonce, challenge);
    if (attempt.stepUpOf) await this.stepUp.requireProof(attempt, identity);
    const { remember, stepUpOf, confirms } = attempt;
    const signedIn = await this.entrance.signIn(identity, { ...request, remember, stepUpOf, confirms });
    return { signedIn, returnTo: safeReturnTo(attempt.returnTo) };
  }

  /** The page to go to when this very answer was accepted before (back button, double submit); else null. */
  async alreadyFinished(browser: string | null, state: string | undefined): Promise<string | null> {
    const attempt = browser && state ? await this.attempts.findByState(state, { kind, browser }) : null;
    return attempt?.status === 'completed' ? safeReturnTo(attempt.returnTo) : null;
  }

  private async requireAttempt(browser: string, state: string | undefined): Promise<SignInAttempt> {
    const attempt = state ? await this.attempts.findByState(state, { kind, browser }) : null;
    if (!attempt) throw new AppError('sign_in_expired');
    return attempt;
  }

  private async redeem(code: string, attempt: SignInAttempt): Promise<EntraTokens> {
    try {
      const codeVerifier = this.attempts.secretOf(attempt);
      return await this.entra.redeemCode({ code, codeVerifier, nonce: attempt.nonce ?? '' });
    } catch (cause) {
      throw cause instanceof EntraFailure
        ? new AppError(codeOfFailure[cause.failureClass], {}, { cause })
        : cause;
    }
  }
}

/** The words for each class of failure while signing in. */
export const codeOfFailure: Record<FailureClass, ErrorCode> = {
  sign_in_again: 'sign_in_failed',
  interaction: 'sign_in_declined',
  blocked: 'sign_in_declined',
  transient: 'sign_in_unavailable',
  operator: 'sign_in_unavailable',
};

/** OpenID Connect Core 3.1.2.6 and RFC 6749 4.1.2.1: what the authorization endpoint may say in `error`. */
const refusals = new Map<string, ErrorCode>([
  ['access_denied', 'sign_in_cancelled'],
  ['interaction_required', 'sign_in_declined'],
  ['login_required', 'sign_in_declined'],
  ['consent_required', 'sign_in_declined'],
  ['server_error', 'sign_in_unavailable'],
  ['temporarily_unavailable', 'sign_in_unavailable'],
]);
const codeOfRefusal = (error: string): ErrorCode => refusals.get(error) ?? 'sign_in_failed';
