import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '#audit';
import { Clock, Database } from '#platform';
import { SessionEndings } from '../account/session-endings.ts';
import { AuthConfig } from '../config/auth-config.ts';
import type { EntraFailure, FailureClass } from '../entra/entra-failure.ts';
import { Graph } from '../entra/graph.ts';
import { signInScope } from '../entra/scopes.ts';
import { TokenVault } from '../vault/token-vault.ts';
import { type Held, VaultRows } from '../vault/vault-rows.ts';
import { OperatorNotice } from './operator-notice.ts';
import { retryAt, treatments } from './refresh-policy.ts';

/** What is done about a refresh that failed: by the table of treatments, written down in one transaction. */
@Injectable()
export class RefreshFailures {
  private readonly logger = new Logger(RefreshFailures.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: AuthConfig,
    private readonly rows: VaultRows,
    private readonly vault: TokenVault,
    private readonly graph: Graph,
    private readonly endings: SessionEndings,
    private readonly audit: AuditLog,
    private readonly operator: OperatorNotice,
  ) {}

  /** Returns what it turned out to be. */
  async treat(held: Held, scope: string, failure: EntraFailure): Promise<FailureClass> {
    const { userId } = held.row;
    const failureClass = (await this.isDisabledAtEntra(held, failure)) ? 'blocked' : failure.failureClass;
    const { tells, endsSessions } = treatments[failureClass];
    const line = { msg: failure.message, userId, failureClass, status: failure.refusal?.status };
    if (tells === 'operator') this.operator.say(failure);
    else this.logger.warn({ ...line, err: failure.cause });
    if (endsSessions) await this.endSessions(held, failure);
    // What another resource's token could not be had for says nothing about the one that the row's times are about.
    else if (tells !== 'person' && scope !== this.config.openAiScope) await this.rows.release(held.row);
    else await this.note(held, failureClass, failure);
    return failureClass;
  }

  /** Discards what came, and signs the person out everywhere: one of the two accounts is not theirs. */
  async mismatch({ row: { userId } }: Held, why: string): Promise<void> {
    this.logger.error({ msg: `a refresh was discarded: ${why}`, userId });
    await this.database.transaction(async () => {
      await this.record(userId, { reason: 'identity_mismatch', error: null });
      await this.endings.endAll(userId, { why: 'identity_mismatch', by: null });
    });
  }

  private async note({ row, content }: Held, failureClass: FailureClass, { refusal }: EntraFailure) {
    const count = row.failureCount + 1;
    const { retryAfterSeconds, claims } = refusal ?? {};
    const at = retryAt({ failureClass, count, retryAfterSeconds }, this.clock.now(), Math.random());
    await this.database.transaction(async () => {
      const isNoted =
        claims && failureClass === 'interaction'
          ? await this.rows.save(
              row,
              { ...content, challenge: claims },
              { failureClass, failureCount: count, refreshDueAt: at },
            )
          : await this.rows.fail(row, { failureClass, retryAt: at });
      if (!isNoted || treatments[failureClass].tells !== 'person') return;
      await this.record(row.userId, { reason: failureClass, error: refusal?.error ?? null });
      await this.vault.announce(row.userId);
    });
  }

  private async endSessions({ row }: Held, { refusal }: EntraFailure): Promise<void> {
    await this.database.transaction(async () => {
      // Whoever has signed in meanwhile is not blocked.
      const [found] = await this.database.rows<{ version: number }>(
        'SELECT version FROM token_caches WHERE user_id = $1',
        [row.userId],
      );
      if (found?.version !== row.version) return;
      await this.record(row.userId, { reason: 'blocked', error: refusal?.error ?? null });
      await this.endings.endAll(row.userId, { why: 'account_disabled', by: null });
    });
  }

  /**
   * Entra refuses the grant of a disabled account in the same words as one that has merely expired, and the number that
   * tells them apart is not to be relied on. Graph says it in so many words, while the last token for it is good.
   */
  private async isDisabledAtEntra({ content }: Held, { failureClass }: EntraFailure): Promise<boolean> {
    const token = content.tokens[signInScope];
    if (failureClass !== 'sign_in_again' || !token || token.expiresAt <= this.clock.now()) return false;
    return this.graph.isDisabled(token.accessToken);
  }

  private async record(userId: string, details: { reason: string; error: string | null }): Promise<void> {
    await this.audit.record({
      action: 'azure_token.refresh_failed',
      outcome: 'failure',
      resource: { type: 'user', id: userId },
      details,
    });
  }
}
