/**
 * Step-up: somebody who is signed in proves once more who they are, because the act they want needs a recent sign-in.
 * It is a sign-in like any other, with two conditions: the same person comes back, and Entra did ask them.
 */
import { Injectable } from '@nestjs/common';
import { AppError, secondsAfter } from '#platform';
import { Authenticator, type Credential } from '../access/authenticator.ts';
import { clockToleranceSeconds } from '../entra/id-token.ts';
import { Users } from '../users/users.ts';
import type { SignInAttempt } from './sign-in-attempt.entity.ts';
import { SignInRefused } from './sign-in-refused.ts';
import type { VerifiedIdentity } from './verified-identity.ts';

export interface StepUpRequest {
  userId: string;
  /** The new session lives as long as the old one would have. */
  remember: boolean;
  loginHint: string | null;
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
  ) {}

  /** Null where no session lives: then there is nothing to strengthen, and an ordinary sign-in is what helps. */
  async begin(credential: Credential): Promise<StepUpRequest | null> {
    const live = await this.authenticator.authenticate(credential);
    if (typeof live === 'string') return null;
    return { userId: live.user.id, remember: live.session.remember, loginHint: live.user.email };
  }

  /** Throws AppError sign_in_failed when the proof is somebody else's, or an old one. */
  async requireProof(
    { stepUpOf, createdAt }: SignInAttempt,
    { person, authenticatedAt }: VerifiedIdentity,
  ): Promise<void> {
    const user = await this.users.findByIdentity(person.tenantId, person.objectId);
    if (user?.id !== stepUpOf) throw new SignInRefused('sign_in_failed', person, user);
    // `prompt=login` travels through the browser, which can take it out of the address.
    if (authenticatedAt && authenticatedAt < secondsAfter(createdAt, -clockToleranceSeconds))
      throw new AppError('sign_in_failed', {}, { cause: new Error('Entra did not ask for a new proof') });
  }
}
