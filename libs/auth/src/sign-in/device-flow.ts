import type { DeviceAttempt, SignInMethod } from '#contracts';
import type { SignedIn, SignInRequest } from './sign-in.ts';
import type { SignInAttempt } from './sign-in-attempt.entity.ts';

/** A way to sign in with a code that the person enters elsewhere: what differs between them. */
export interface DeviceFlow {
  readonly kind: SignInMethod;
  /** Leaves a pending attempt, which it settles by itself when the person has answered. */
  begin(browser: string, remember: boolean): Promise<DeviceAttempt>;
  /** From an approved attempt, which is used up already, to a session. */
  finish(attempt: SignInAttempt, request: SignInRequest): Promise<SignedIn>;
  /** The attempt is gone; what was at work for it stops. */
  abandon(attempt: SignInAttempt): Promise<void>;
}

/** How long an approved sign-in waits for its browser. */
export const completionMinutes = 5;
