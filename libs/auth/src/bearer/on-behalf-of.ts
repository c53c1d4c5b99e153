import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppError, Clock, EventBus, secondsAfter } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { type AcquiredToken, EntraClient } from '../entra/entra-client.ts';
import { EntraFailure } from '../entra/entra-failure.ts';
import { userChanged } from '../users/users.ts';
import type { RejectedToken } from '../refresh/azure-tokens.ts';
import { needsPerson } from '../vault/token-status.ts';

/** A token that a person presented, and what Entra gave us for it. */
interface Presented {
  assertion: string;
  tenantId: string;
  acquired: Map<string, AcquiredToken>;
}

const mostKept = 10_000;

/**
 * Tokens of API callers for other resources, in their own name: OAuth's on-behalf-of flow with the token that they
 * presented. Only in memory, and never renewed beyond that token: without a session there is nobody to have agreed to it.
 * The vault, with what the same person's browser sessions brought, is neither read nor written.
 */
@Injectable()
export class OnBehalfOf implements OnModuleDestroy {
  private readonly presented = new Map<string, Presented>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly entra: EntraClient,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    this.unsubscribe = bus.subscribe(userChanged, ({ userId }) => void this.presented.delete(userId));
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** Each call presents its token; the newest is the one to act on. */
  present(userId: string, { assertion, tenantId }: { assertion: string; tenantId: string }): void {
    const acquired = this.presented.get(userId)?.acquired ?? new Map<string, AcquiredToken>();
    // Deleted first, so that the map stays in the order of last use.
    this.presented.delete(userId);
    const [stalest] = this.presented.keys();
    if (this.presented.size >= mostKept && stalest !== undefined) this.presented.delete(stalest);
    this.presented.set(userId, { assertion, tenantId, acquired });
  }

  /**
   * The person's token for `scope`. `rejected` is one that the resource has just refused. Throws AppError
   * reauthentication_required when only a new token of the caller can help, with the claims that it must prove where
   * Azure says so: they are the caller's to show to Entra, and nothing of theirs is kept here.
   */
  async accessToken(userId: string, scope: string, rejected?: RejectedToken): Promise<string> {
    if (rejected?.claims) throw new AppError('reauthentication_required', { claims: rejected.claims });
    const held = this.presented.get(userId);
    if (!held) throw new AppError('reauthentication_required');
    const known = held.acquired.get(scope);
    const usable = known && known.accessToken !== rejected?.accessToken ? known : undefined;
    if (usable && this.isGoodFor(usable, this.config.refreshBufferSeconds)) return usable.accessToken;
    try {
      const { accessToken, expiresAt } = await this.entra.onBehalfOf(held, [scope]);
      held.acquired.set(scope, { accessToken, expiresAt });
      return accessToken;
    } catch (cause) {
      if (!(cause instanceof EntraFailure)) throw cause;
      if (usable && this.isGoodFor(usable, 0)) return usable.accessToken;
      const { failureClass, refusal } = cause;
      if (!needsPerson(failureClass)) throw new AppError('sign_in_unavailable', {}, { cause });
      const extras = refusal?.claims ? { claims: refusal.claims } : {};
      throw new AppError('reauthentication_required', extras, { cause });
    }
  }

  private isGoodFor({ expiresAt }: AcquiredToken, seconds: number): boolean {
    return secondsAfter(this.clock.now(), seconds) < expiresAt;
  }
}
