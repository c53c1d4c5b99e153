/**
 * Where every call to Azure takes its token from, for the person who makes it and for no other: from the vault while it
 * lasts, else from Entra. Of all who want the same at the same time, in whichever process, one asks; the others wait and
 * read what came. Whoever has a token that still works waits for nobody.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { AzureToken } from '#contracts';
import { AppError, Clock } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import type { FailureClass } from '../entra/entra-failure.ts';
import { needsPerson } from '../vault/token-status.ts';
import { refreshFrom } from '../vault/token-times.ts';
import { TokenVault } from '../vault/token-vault.ts';
import type { KeptToken } from '../vault/vault-content.ts';
import { type Held, VaultRows } from '../vault/vault-rows.ts';
import { Challenges } from './challenges.ts';
import { EntraCircuit } from './entra-circuit.ts';
import { TokenRefresher } from './token-refresher.ts';

/** A token that the resource has just refused, and what it wants of the person instead, if it says so. */
export interface RejectedToken {
  accessToken: string;
  claims?: string | null;
}

export interface SuppliedToken {
  accessToken: string;
  source: 'cache' | 'refreshed';
}

interface Wanted {
  userId: string;
  scope: string;
  rejected?: RejectedToken | undefined;
  /** Ask although only the person could help: it is they who want it. */
  insists?: boolean;
}

const firstLookMs = 40;
const longestLookMs = 500;
const mostWaitMs = 25_000;

@Injectable()
export class AzureTokens {
  private readonly inFlight = new Map<string, Promise<SuppliedToken>>();

  constructor(
    private readonly clock: Clock,
    private readonly config: AuthConfig,
    private readonly rows: VaultRows,
    private readonly vault: TokenVault,
    private readonly refresher: TokenRefresher,
    private readonly challenges: Challenges,
    private readonly circuit: EntraCircuit,
  ) {}

  /** Throws AppError reauthentication_required when only the person can help. */
  async accessToken(userId: string, scope: string, rejected?: RejectedToken): Promise<string> {
    return (await this.supply(userId, scope, rejected)).accessToken;
  }

  /** The same, and whether it was at hand. */
  async supply(userId: string, scope: string, rejected?: RejectedToken): Promise<SuppliedToken> {
    if (rejected?.claims) await this.challenges.keep(userId, scope, rejected.accessToken, rejected.claims);
    const held = await this.require(userId);
    const wanted = { userId, scope, rejected };
    return this.atHand(held, wanted) ?? this.renewOnce(wanted);
  }

  /** Asks Entra for a new token for Azure OpenAI now, at the person's own request. */
  async refreshNow(userId: string): Promise<AzureToken> {
    const { content } = await this.require(userId);
    if (content.challenge) throw new AppError('reauthentication_required');
    const scope = this.config.openAiScope;
    await this.renewOnce({ userId, scope, rejected: content.tokens[scope], insists: true });
    return this.vault.status(userId);
  }

  /** Callers that want the same token share one call. */
  private async renewOnce(wanted: Wanted): Promise<SuppliedToken> {
    const key = `${wanted.userId} ${wanted.scope}`;
    const running = this.inFlight.get(key);
    if (running) {
      const found = await running;
      if (found.accessToken !== wanted.rejected?.accessToken) return found;
      return this.renewOnce(wanted);
    }
    const renewal = this.renew(wanted).finally(() => this.inFlight.delete(key));
    this.inFlight.set(key, renewal);
    return renewal;
  }

  private async renew(wanted: Wanted): Promise<SuppliedToken> {
    const giveUpAt = performance.now() + mostWaitMs;
    for (let pauseMs = firstLookMs; performance.now() < giveUpAt;) {
      const row = await this.rows.lease(wanted.userId);
      if (row) {
        const found = await this.renewLeased(this.rows.open(row), wanted);
        if (found) return found;
        continue;
      }
      const held = await this.require(wanted.userId);
      const found = this.atHand(held, wanted) ?? this.stillWorking(held, wanted);
      if (found) return found;
      await wait(pauseMs * (0.5 + Math.random() / 2));
      pauseMs = Math.min(longestLookMs, pauseMs * 1.5);
    }
    throw new AppError('sign_in_unavailable', { retryAfterSeconds: 5 });
  }

  /** Null: something newer is there, look again. */
  private async renewLeased(held: Held, wanted: Wanted): Promise<SuppliedToken | null> {
    // Somebody else may have renewed it, or failed, since the caller looked.
    try {
      const found = this.atHand(held, wanted);
      if (found) {
        await this.rows.release(held.row);
        return found;
      }
    } catch (error) {
      await this.rows.release(held.row);
      throw error;
    }
    const refreshed = await this.refresher.refresh(held.row, wanted.scope, 'demand');
    if (refreshed.kind === 'superseded') return null;
    if (refreshed.kind === 'refreshed')
      return { accessToken: refreshed.token.accessToken, source: 'refreshed' };
    return this.lastResort(held, wanted, refreshed.failureClass, refreshed.cause);
  }

  /** What can be said without asking Entra; null where it has to be asked. Throws where asking is no use now. */
  private atHand(held: Held, wanted: Wanted): SuppliedToken | null {
    const { row, content } = held;
    const token = content.tokens[wanted.scope];
    const now = this.clock.now();
    if (
      token &&
      token.accessToken !== wanted.rejected?.accessToken &&
      now < refreshFrom(token, this.config.refreshBufferSeconds)
    )
      return { accessToken: token.accessToken, source: 'cache' };
    if (needsPerson(row.failureClass)) return wanted.insists ? null : this.lastResort(held, wanted);
    const isBackingOff = row.failureClass !== null && row.refreshDueAt !== null && now < row.refreshDueAt;
    return isBackingOff && wanted.scope === this.config.openAiScope ? this.lastResort(held, wanted) : null;
  }

  /** A token that still works outlives a failed refresh; else the person is told what would help. */
  private lastResort(
    held: Held,
    wanted: Wanted,
    failureClass: FailureClass | null = held.row.failureClass,
    cause?: unknown,
  ): SuppliedToken {
    const found = this.stillWorking(held, wanted);
    if (found) return found;
    if (needsPerson(failureClass)) throw new AppError('reauthentication_required', {}, { cause });
    throw new AppError('sign_in_unavailable', { retryAfterSeconds: this.pauseFor(held) }, { cause });
  }

  private stillWorking({ content }: Held, { scope, rejected }: Wanted): SuppliedToken | null {
    const token: KeptToken | undefined = content.tokens[scope];
    return token && token.accessToken !== rejected?.accessToken && this.clock.now() < token.expiresAt
      ? { accessToken: token.accessToken, source: 'cache' }
      : null;
  }

  private pauseFor({ row }: Held): number {
    const dueInSeconds = ((row.refreshDueAt?.getTime() ?? 0) - this.clock.now().getTime()) / 1000;
    return Math.max(1, Math.ceil(Math.max(dueInSeconds, this.circuit.pauseSeconds)));
  }

  private async require(userId: string): Promise<Held> {
    const held = await this.rows.find(userId);
    if (!held) throw new AppError('reauthentication_required');
    return held;
  }
}
