/**
 * Sign-ins with a code that is entered elsewhere, whatever redeems the code: only the browser that began one can follow,
 * complete or cancel it, and it is completed once.
 */
import { Injectable } from '@nestjs/common';
import type { DeviceAttempt, DeviceStatus, SignInMethod } from '#contracts';
import { AppError, Clock, toAppError } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { AzureCliFlow } from './azure-cli.flow.ts';
import { DeviceCodeFlow } from './device-code.flow.ts';
import type { DeviceFlow } from './device-flow.ts';
import { SignIn, type SignedIn } from './sign-in.ts';
import type { SignInAttempt } from './sign-in-attempt.entity.ts';
import { SignInAttempts } from './sign-in-attempts.ts';

@Injectable()
export class DeviceSignIns {
  /** Those that AUTH_METHODS names; another is not there, like any unknown address. */
  private readonly flows: ReadonlyMap<SignInMethod, DeviceFlow>;

  constructor(
    config: AuthConfig,
    deviceCode: DeviceCodeFlow,
    azureCli: AzureCliFlow,
    private readonly attempts: SignInAttempts,
    private readonly entrance: SignIn,
    private readonly clock: Clock,
  ) {
    const offered = [deviceCode, azureCli].filter(({ kind }) => config.methods.includes(kind));
    this.flows = new Map(offered.map((flow) => [flow.kind, flow]));
  }

  begin(method: SignInMethod, browser: string, remember: boolean): Promise<DeviceAttempt> {
    return this.flow(method).begin(browser, remember);
  }

  async status(browser: string | null, id: string): Promise<DeviceStatus> {
    const attempt = await this.require(browser, id);
    const isOver = this.clock.now() >= attempt.expiresAt;
    if (attempt.status === 'pending' || attempt.status === 'approved') {
      return isOver ? { status: 'expired', code: 'sign_in_expired' } : { status: attempt.status };
    }
    if (attempt.status === 'completed') return { status: 'expired', code: 'sign_in_expired' };
    return { status: attempt.status, code: attempt.failure ?? undefined };
  }

  async complete(browser: string | null, id: string, previousToken: string | null): Promise<SignedIn> {
    if (!browser) throw new AppError('not_found');
    const attempt = await this.require(browser, id);
    if (attempt.status === 'pending' && this.clock.now() < attempt.expiresAt)
      throw new AppError('sign_in_pending');
    try {
      if (!(await this.attempts.take(attempt, 'approved')))
        throw new AppError(attempt.failure ?? 'sign_in_expired');
      const { remember } = attempt;
      return await this.flow(attempt.kind).finish(attempt, { remember, browser, previousToken });
    } catch (error) {
      const failure = toAppError(error);
      await this.entrance.recordFailure(attempt.kind, failure, id);
      throw failure;
    }
  }

  async cancel(browser: string | null, id: string): Promise<void> {
    const attempt = await this.require(browser, id);
    await this.attempts.discard(attempt.id);
    await this.flow(attempt.kind).abandon(attempt);
  }

  private flow(method: SignInMethod): DeviceFlow {
    const flow = this.flows.get(method);
    if (!flow) throw new AppError('not_found');
    return flow;
  }

  private async require(browser: string | null, id: string): Promise<SignInAttempt> {
    const kinds = [...this.flows.keys()];
    const attempt = browser ? await this.attempts.findById(id, { kinds, browser }) : null;
    if (!attempt) throw new AppError('not_found');
    return attempt;
  }
}
