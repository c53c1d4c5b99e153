/**
 * The vault of Azure tokens: one sealed MSAL cache per person. Every call to Azure takes its token from here, for the
 * person who makes the call and no other.
 */
import { Injectable, Logger } from '@nestjs/common';
import type { AzureToken } from '#contracts';
import { AppError, Clock, Database, EventBus, minutesAfter, Sealer, secondsAfter, topic } from '#platform';
import { AuditLog } from '#audit';
import { AuthConfig } from '../config/auth-config.ts';
import type { AcquiredToken, ClientKind } from '../entra/entra-client.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';
import { CredentialSource } from './credential-source.ts';
import { TokenCache } from './token-cache.entity.ts';
import { needsPerson, tokenStatus } from './token-status.ts';
import { openContent, sealContent, type VaultContent } from './vault-content.ts';

export const azureTokenChanged = topic<{ userId: string; azureToken: AzureToken }>('azure-token.changed');

/** What a sign-in brings: the cache, and the token for Azure OpenAI or why there is none yet. */
export interface NewCredentials {
  client: ClientKind;
  cache: string;
  token: AcquiredToken | FailureClass;
}

interface Held {
  row: TokenCache;
  content: VaultContent;
}

@Injectable()
export class TokenVault {
  private readonly logger = new Logger(TokenVault.name);
  private readonly inFlight = new Map<string, Promise<string>>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly config: AuthConfig,
    private readonly credentials: CredentialSource,
    private readonly bus: EventBus,
    private readonly audit: AuditLog,
  ) {}

  /** Replaces whatever was kept; call it inside the sign-in's transaction. */
  async replace(userId: string, { client, cache, token }: NewCredentials): Promise<void> {
    const acquired = typeof token === 'string' ? null : token;
    const content: VaultContent = { cache, tokens: acquired ? { [this.config.openAiScope]: acquired } : {} };
    const now = this.clock.now();
    const { expiresAt, refreshDueAt, lastRefreshedAt } = this.times(acquired, now);
    // The version goes on counting, so that a refresh under way for the old credentials cannot overwrite these.
    await this.database.rows(
      `INSERT INTO token_caches
         (user_id, client, sealed, version, expires_at, refresh_due_at, last_refreshed_at, failure_class, failure_count, updated_at)
       VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (user_id) DO UPDATE SET
         client = excluded.client, sealed = excluded.sealed, version = token_caches.version + 1,
         expires_at = excluded.expires_at, refresh_due_at = excluded.refresh_due_at,
         last_refreshed_at = excluded.last_refreshed_at, failure_class = excluded.failure_class,
         failure_count = excluded.failure_count, updated_at = excluded.updated_at`,
      [
        userId,
        client,
        sealContent(this.sealer, userId, content),
        expiresAt,
        refreshDueAt,
        lastRefreshedAt,
        acquired ? null : token,
        acquired ? 0 : 1,
        now,
      ],
    );
  }

  async wipe(userId: string): Promise<void> {
    await this.database.repository(TokenCache).delete({ userId });
  }

  /** Keeps the person's row as it is until the end of the transaction. */
  async lock(userId: string): Promise<void> {
    await this.database.rows('SELECT 1 FROM token_caches WHERE user_id = $1 FOR UPDATE', [userId]);
  }

  /** Credentials of people whose last session has run out; never those that a sign-in under way has just brought. */
  async wipeWithoutSession(): Promise<void> {
    const now = this.clock.now();
    await this.database.rows(
      `DELETE FROM token_caches WHERE updated_at < $2 AND NOT EXISTS (
         SELECT 1 FROM sessions WHERE sessions.user_id = token_caches.user_id AND revoked_at IS NULL AND idle_expires_at > $1)`,
      [now, minutesAfter(now, -1)],
    );
  }

  async status(userId: string): Promise<AzureToken> {
    const row = await this.database.repository(TokenCache).findOneBy({ userId });
    return tokenStatus(row, this.clock.now(), this.config.refreshBufferSeconds);
  }

  /**
   * The person's token for `scope`, from the vault while it lasts, else from Entra. `rejected` is a token that the
   * resource has just refused. Throws AppError reauthentication_required when only the person can help.
   */
  async accessToken(userId: string, scope: string, rejected?: string): Promise<string> {
    const held = await this.read(userId);
    const token = held.content.tokens[scope];
    if (token && this.isGood(token, rejected)) return token.accessToken;
    if (needsPerson(held.row.failureClass)) return this.lastResort(held, scope, rejected);
    return this.renewOnce(userId, scope, rejected);
  }

  /** Asks Entra for a new token for Azure OpenAI now, at the person's own request. */
  async refresh(userId: string): Promise<AzureToken> {
    const { content } = await this.read(userId);
    await this.renewOnce(
      userId,
      this.config.openAiScope,
      content.tokens[this.config.openAiScope]?.accessToken,
    );
    return this.status(userId);
  }

  /** Callers that want the same token share one call to Entra. */
  private renewOnce(userId: string, scope: string, rejected: string | undefined): Promise<string> {
    const key = `${userId} ${scope}`;
    const running = this.inFlight.get(key);
    if (running) return running;
    const renewal = this.renew(userId, scope, rejected).finally(() => this.inFlight.delete(key));
    this.inFlight.set(key, renewal);
    return renewal;
  }

  private async renew(userId: string, scope: string, rejected: string | undefined): Promise<string> {
    const held = await this.read(userId);
    const known = held.content.tokens[scope];
    // Someone else may have renewed it since the caller looked.
    if (known && this.isGood(known, rejected)) return known.accessToken;
    try {
      const { cache, ...token } = await this.credentials.acquire(
        { userId, cache: held.content.cache, client: held.row.client },
        scope,
        { renew: known !== undefined },
      );
      await this.write(held, { cache, tokens: { ...held.content.tokens, [scope]: token } });
      return token.accessToken;
    } catch (error) {
      if (!(error instanceof EntraFailure)) throw error;
      await this.noteFailure(held, error);
      return this.lastResort(held, scope, rejected, error);
    }
  }

  private isGood({ accessToken, expiresAt }: AcquiredToken, rejected: string | undefined): boolean {
    return (
      accessToken !== rejected && secondsAfter(this.clock.now(), this.config.refreshBufferSeconds) < expiresAt
    );
  }

  /** A token that still works outlives a failed refresh; else the person is told what would help. */
  private lastResort(
    { row, content }: Held,
    scope: string,
    rejected: string | undefined,
    failure?: EntraFailure,
  ): string {
    const token = content.tokens[scope];
    if (token && token.accessToken !== rejected && this.clock.now() < token.expiresAt)
      return token.accessToken;
    const failureClass = failure?.failureClass ?? row.failureClass;
    throw new AppError(
      needsPerson(failureClass) ? 'reauthentication_required' : 'sign_in_unavailable',
      {},
      { cause: failure },
    );
  }

  private async read(userId: string): Promise<Held> {
    const row = await this.database.repository(TokenCache).findOneBy({ userId });
    if (!row) throw new AppError('reauthentication_required');
    return { row, content: openContent(this.sealer, userId, row.sealed) };
  }

  /** Writes only over the version that was read: a sign-in or a wipe in the meantime wins. */
  private async write({ row }: Held, content: VaultContent): Promise<void> {
    const now = this.clock.now();
    const openAiToken = content.tokens[this.config.openAiScope] ?? null;
    const { affected } = await this.database.repository(TokenCache).update(
      { userId: row.userId, version: row.version },
      {
        sealed: sealContent(this.sealer, row.userId, content),
        version: row.version + 1,
        ...this.times(openAiToken, now),
        failureClass: null,
        failureCount: 0,
        updatedAt: now,
      },
    );
    if (affected) await this.announce(row.userId);
  }

  private async noteFailure({ row }: Held, { failureClass, refusal, message }: EntraFailure): Promise<void> {
    this.logger.warn({ msg: message, userId: row.userId, failureClass, status: refusal?.status });
    await this.database.transaction(async () => {
      const { affected } = await this.database
        .repository(TokenCache)
        .update(
          { userId: row.userId, version: row.version },
          { failureClass, failureCount: row.failureCount + 1, updatedAt: this.clock.now() },
        );
      if (!affected || !needsPerson(failureClass)) return;
      await this.audit.record({
        action: 'azure_token.refresh_failed',
        outcome: 'failure',
        resource: { type: 'user', id: row.userId },
        details: { reason: failureClass, error: refusal?.error ?? null },
      });
      await this.announce(row.userId);
    });
  }

  private async announce(userId: string): Promise<void> {
    this.bus.publish(azureTokenChanged, { userId, azureToken: await this.status(userId) });
  }

  private times(token: AcquiredToken | null, now: Date) {
    return {
      expiresAt: token?.expiresAt ?? null,
      refreshDueAt: token ? secondsAfter(token.expiresAt, -this.config.refreshBufferSeconds) : null,
      lastRefreshedAt: token ? now : null,
    };
  }
}
