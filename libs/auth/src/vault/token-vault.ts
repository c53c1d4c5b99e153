/**
 * The vault of Azure tokens: one sealed MSAL cache per person. A sign-in puts it there, the end of the last session takes
 * it away; between the two it is refreshed (refresh/).
 */
import { Injectable } from '@nestjs/common';
import type { AzureToken } from '#contracts';
import { Clock, Database, EventBus, minutesAfter, Sealer, topic } from '#platform';
import { AuditLog } from '#audit';
import { AuthConfig } from '../config/auth-config.ts';
import type { AcquiredToken, ClientKind } from '../entra/entra-client.ts';
import type { FailureClass } from '../entra/entra-failure.ts';
import { signInScope } from '../entra/scopes.ts';
import { TokenCache } from './token-cache.entity.ts';
import { timesOf } from './token-times.ts';
import { needsPerson, type Standing, tokenStatus } from './token-status.ts';
import { sealContent, type VaultContent } from './vault-content.ts';

export const azureTokenChanged = topic<{ userId: string; azureToken: AzureToken }>('azure-token.changed');
/** Told on every process: what was known of them counts no more. Screens hear of it otherwise, or ask. */
export const credentialsReplaced = topic<{ userId: string }>('azure-token.credentials-replaced');

/** What a sign-in brings: the cache, and the token for Azure OpenAI or why there is none yet. */
export interface NewCredentials {
  client: ClientKind;
  cache: string;
  token: AcquiredToken | FailureClass;
  /** For Microsoft Graph. */
  profileToken?: AcquiredToken;
  /** Entra's `sub`. */
  subject?: string;
  /** The claims that Azure wants besides, where there is no token for that reason. */
  challenge?: string | undefined;
}

@Injectable()
export class TokenVault {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly config: AuthConfig,
    private readonly bus: EventBus,
    private readonly audit: AuditLog,
  ) {}

  /** Replaces whatever was kept; call it inside the sign-in's transaction. */
  async replace(userId: string, credentials: NewCredentials): Promise<void> {
    const { client, token } = credentials;
    const now = this.clock.now();
    const failure = typeof token === 'string' ? token : null;
    const times = timesOf(failure ? null : (token as AcquiredToken), now, this.config, Math.random());
    // The version goes on counting, so that a refresh under way for the old credentials cannot overwrite these.
    await this.database.rows(
      `INSERT INTO token_caches
         (user_id, client, sealed, version, expires_at, refresh_due_at, last_refreshed_at, failure_class, failure_count, updated_at)
       VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (user_id) DO UPDATE SET
         client = excluded.client, sealed = excluded.sealed, version = token_caches.version + 1,
         expires_at = excluded.expires_at, refresh_due_at = excluded.refresh_due_at,
         last_refreshed_at = excluded.last_refreshed_at, failure_class = excluded.failure_class,
         failure_count = excluded.failure_count, lease_holder = NULL, lease_until = NULL,
         updated_at = excluded.updated_at`,
      [
        userId,
        client,
        sealContent(this.sealer, userId, this.contentOf(credentials, now)),
        times.expiresAt,
        // A sign-in that brought no token for a passing reason is followed up at once.
        failure && !needsPerson(failure) ? now : times.refreshDueAt,
        times.lastRefreshedAt,
        failure,
        failure ? 1 : 0,
        now,
      ],
    );
    this.bus.publish(credentialsReplaced, { userId });
  }

  async wipe(userId: string): Promise<void> {
    await this.database.transaction(async () => {
      if (await this.discard(userId)) await this.recordWipe(userId, 'last_session_ended');
    });
  }

  /** Without an entry: for an act that has its own. False where there was nothing. */
  async discard(userId: string): Promise<boolean> {
    const { affected } = await this.database.repository(TokenCache).delete({ userId });
    this.bus.publish(credentialsReplaced, { userId });
    return affected === 1;
  }

  /** Keeps the person's row as it is until the end of the transaction. */
  async lock(userId: string): Promise<void> {
    await this.database.rows('SELECT 1 FROM token_caches WHERE user_id = $1 FOR UPDATE', [userId]);
  }

  /** Credentials of people whose last session has run out; never those that a sign-in under way has just brought. */
  async wipeWithoutSession(): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async () => {
      const wiped = await this.database.rows<{ user_id: string }>(
        `DELETE FROM token_caches WHERE updated_at < $2 AND NOT EXISTS (
           SELECT 1 FROM sessions WHERE sessions.user_id = token_caches.user_id AND revoked_at IS NULL AND idle_expires_at > $1)
         RETURNING user_id`,
        [now, minutesAfter(now, -1)],
      );
      for (const { user_id: userId } of wiped) await this.recordWipe(userId, 'sessions_expired');
    });
  }

  async status(userId: string): Promise<AzureToken> {
    return tokenStatus(await this.standing(userId), this.clock.now(), this.config.refreshBufferSeconds);
  }

  async standing(userId: string): Promise<Standing | null> {
    // Without what is sealed: it is the largest part, and not wanted here.
    const [row = null] = await this.database.rows<Standing>(
      `SELECT expires_at AS "expiresAt", last_refreshed_at AS "lastRefreshedAt", failure_class AS "failureClass"
       FROM token_caches WHERE user_id = $1`,
      [userId],
    );
    return row;
  }

  /** Tells every screen of the person how it stands now, after the commit. */
  async announce(userId: string): Promise<void> {
    this.bus.publish(azureTokenChanged, { userId, azureToken: await this.status(userId) });
  }

  private contentOf({ cache, token, profileToken, subject, challenge }: NewCredentials, now: Date) {
    const tokens: VaultContent['tokens'] = {};
    if (profileToken) tokens[signInScope] = { ...bare(profileToken), acquiredAt: now };
    if (typeof token !== 'string') tokens[this.config.openAiScope] = { ...bare(token), acquiredAt: now };
    return { cache, tokens, ...(subject ? { subject } : {}), ...(challenge ? { challenge } : {}) };
  }

  private async recordWipe(userId: string, why: string): Promise<void> {
    await this.audit.record({
      action: 'azure_token.wiped',
      resource: { type: 'user', id: userId },
      details: { why },
    });
  }
}

const bare = ({ accessToken, expiresAt }: AcquiredToken): AcquiredToken => ({ accessToken, expiresAt });
