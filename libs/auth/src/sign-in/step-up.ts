/**
 * Somebody who is signed in goes to Entra once more: to prove anew who they are, because the act they want needs a recent
 * sign-in (step-up), or because Azure wants it before it takes their token again (confirm). Both are a sign-in like any
 * other, on the condition that the same person comes back; a step-up also that Entra did ask them.
 */
import { Injectable } from '@nestjs/common';
import { AppError, secondsAfter } from '#platform';
import { Authenticator, type Credential } from '../access/authenticator.ts';
import type { Again } from '../entra/entra-client.ts';
import { clockToleranceSeconds } from '../entra/id-token.ts';
import { Challenges } from '../refresh/challenges.ts';
import { Users } from '../users/users.ts';
import type { SignInAttempt } from './sign-in-attempt.entity.ts';
import { SignInRefused } from './sign-in-refused.ts';
import type { VerifiedIdentity } from './verified-identity.ts';

export interface StepUpRequest {
  userId: string;
  /** The new session lives as long as the old one would have. */
  remember: boolean;
  reason: 'step_up' | 'confirm';
  again: Again;
}

/** The old session goes on as it was. `cause` is what went wrong. */
export class StepUpFailed extends AppError {
  constructor(
    readonly userId: string,
    { code, extras }: AppError,
    options: ErrorOptions,
  ) {
    super(code, extras, options);
  }
}

@Injectable()
export class StepUp {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly users: Users,
    private readonly challenges: Challenges,
  ) {}

  /** Null where no session lives: then there is nothing to strengthen, and an ordinary sign-in is what helps. */
  async begin(credential: Credential, reason: StepUpRequest['reason']): Promise<StepUpRequest | null> {
    const live = await this.authenticator.authenticate(credential);
    if (typeof live === 'string') return null;
    const { id: userId, email: loginHint } = live.user;
    const again =
      reason === 'step_up' ? { loginHint, newProof: true } : await this.confirming(userId, loginHint);
    return { userId, remember: live.session.remember, reason, again };
  }

  /** The claims that Azure still wants of the person who has come back to confirm. */
  async challengeFor({ stepUpOf, confirms }: SignInAttempt): Promise<string | undefined> {
    if (!stepUpOf || !confirms) return undefined;
    return (await this.challenges.confirmation(stepUpOf)).claims ?? undefined;
  }

  /** Entra decides by the claims what it asks of the person; where it refused for good, only a new proof helps. */
  private async confirming(userId: string, loginHint: string | null): Promise<Again> {
    const { claims, isRefused } = await this.challenges.confirmation(userId);
    return { loginHint, newProof: isRefused, claims: claims ?? undefined };
  }

  /** Throws AppError sign_in_failed when the proof is somebody else's, or an old one. */
  async requireProof(
    { stepUpOf, createdAt, confirms }: SignInAttempt,
    { person, authenticatedAt }: VerifiedIdentity,
  ): Promise<void> {
    const user = await this.users.findByIdentity(person.tenantId, person.objectId);
    if (user?.id !== stepUpOf) throw new SignInRefused('sign_in_failed', person, user);
    // `prompt=login` travels through the browser, which can take it out of the address.
    if (!confirms && authenticatedAt && authenticatedAt < secondsAfter(createdAt, -clockToleranceSeconds))
      throw new AppError('sign_in_failed', {}, { cause: new Error('Entra did not ask for a new proof') });
  }
}
