import { Injectable } from '@nestjs/common';
import { AuditLog } from '#audit';
import { Database } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { TokenVault } from '../vault/token-vault.ts';
import { needsPerson } from '../vault/token-status.ts';
import { VaultRows } from '../vault/vault-rows.ts';

/** What a person has to prove at Entra before Azure takes their token again. */
export interface Confirmation {
  /** The claims challenge, for Entra; null where there is none. */
  claims: string | null;
  /** Entra has refused the grant itself: only a new proof brings another. */
  isRefused: boolean;
}

const mostTries = 5;

/**
 * Claims challenges (Conditional Access, continuous access evaluation), kept sealed until the person has answered them:
 * the browser learns that there is one, and not what it says, until it is sent to Entra with it.
 */
@Injectable()
export class Challenges {
  constructor(
    private readonly database: Database,
    private readonly config: AuthConfig,
    private readonly rows: VaultRows,
    private readonly vault: TokenVault,
    private readonly audit: AuditLog,
  ) {}

  /** A resource has answered `accessToken` with a challenge. One that the vault no longer holds challenges nobody. */
  async keep(userId: string, scope: string, accessToken: string, claims: string): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const held = await this.rows.find(userId);
      if (held?.content.tokens[scope]?.accessToken !== accessToken) return;
      const { row, content } = held;
      const { [scope]: _refused, ...tokens } = content.tokens;
      const changes = {
        failureClass: 'interaction',
        failureCount: row.failureCount + 1,
        refreshDueAt: null,
      } as const;
      const isKept = await this.database.transaction(async () => {
        const isOpenAi = scope === this.config.openAiScope;
        const next = { ...content, tokens, challenge: claims };
        if (!(await this.rows.save(row, next, isOpenAi ? { ...changes, expiresAt: null } : changes)))
          return false;
        await this.audit.record({
          action: 'azure_token.refresh_failed',
          outcome: 'failure',
          resource: { type: 'user', id: userId },
          details: { reason: 'interaction', error: 'insufficient_claims' },
        });
        await this.vault.announce(userId);
        return true;
      });
      if (isKept) return;
    }
  }

  /** For somebody who is about to confirm at Entra that it is them. */
  async confirmation(userId: string): Promise<Confirmation> {
    const held = await this.rows.find(userId);
    const claims = held?.content.challenge ?? null;
    return { claims, isRefused: claims === null && (!held || needsPerson(held.row.failureClass)) };
  }
}
