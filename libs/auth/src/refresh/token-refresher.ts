/**
 * One refresh, of a row that the caller has leased. In this order: Entra is asked, its answer must be about the same
 * person, it is kept unless something newer is there, and then the person's rights are what Entra says now. No
 * connection to the database is held while Entra is asked.
 */
import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '#audit';
import { Clock, Database, inSpan } from '#platform';
import { EntraStanding } from '../account/entra-standing.ts';
import { RoleReview } from '../account/role-review.ts';
import { AuthConfig } from '../config/auth-config.ts';
import type { SilentTokens } from '../entra/entra-client.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';
import type { IdTokenClaims } from '../entra/id-token.ts';
import { signInScope } from '../entra/scopes.ts';
import { CredentialSource } from '../vault/credential-source.ts';
import type { TokenCache } from '../vault/token-cache.entity.ts';
import { timesOf } from '../vault/token-times.ts';
import { TokenVault } from '../vault/token-vault.ts';
import type { KeptToken, VaultContent } from '../vault/vault-content.ts';
import { type Held, VaultRows } from '../vault/vault-rows.ts';
import { EntraCircuit } from './entra-circuit.ts';
import { OperatorNotice } from './operator-notice.ts';
import { RefreshFailures } from './refresh-failures.ts';
import { RefreshMetrics, type RefreshTrigger } from './refresh-metrics.ts';
import { IdentityMismatch, RefreshedIdentity } from './refreshed-identity.ts';

export type Refreshed =
  | { kind: 'refreshed'; token: KeptToken }
  | { kind: 'failed'; failureClass: FailureClass; cause?: unknown }
  /** A sign-in, a wipe or another refresh was quicker: what is there now counts. */
  | { kind: 'superseded' };

@Injectable()
export class TokenRefresher {
  private readonly logger = new Logger(TokenRefresher.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: AuthConfig,
    private readonly rows: VaultRows,
    private readonly vault: TokenVault,
    private readonly credentials: CredentialSource,
    private readonly circuit: EntraCircuit,
    private readonly identity: RefreshedIdentity,
    private readonly standing: EntraStanding,
    private readonly review: RoleReview,
    private readonly failures: RefreshFailures,
    private readonly operator: OperatorNotice,
    private readonly metrics: RefreshMetrics,
    private readonly audit: AuditLog,
  ) {}

  refresh(row: TokenCache, scope: string, trigger: RefreshTrigger): Promise<Refreshed> {
    return inSpan('token.refresh', { 'entrada.refresh.trigger': trigger }, async (span) => {
      const refreshed = await this.refreshOnce(row, scope, trigger);
      span.setAttribute('entrada.refresh.outcome', outcomeOf(refreshed));
      return refreshed;
    });
  }

  private async refreshOnce(row: TokenCache, scope: string, trigger: RefreshTrigger): Promise<Refreshed> {
    try {
      const held = this.rows.open(row);
      if (!this.circuit.admit()) {
        await this.rows.release(row);
        return { kind: 'failed', failureClass: 'transient' };
      }
      const refreshed = await this.ask(held, scope, trigger);
      this.metrics.count(outcomeOf(refreshed), trigger);
      return refreshed;
    } catch (error) {
      await this.rows.release(row).catch(() => undefined);
      throw error;
    }
  }

  private async ask(held: Held, scope: string, trigger: RefreshTrigger): Promise<Refreshed> {
    const { row, content } = held;
    try {
      const answer = await this.acquire(held, scope);
      const claims = answer.idToken
        ? await this.identity.require(row.userId, content.subject, answer.idToken)
        : null;
      const token = {
        accessToken: answer.accessToken,
        expiresAt: answer.expiresAt,
        acquiredAt: this.clock.now(),
      };
      if (!(await this.keep(held, scope, { ...answer, token, claims }, trigger)))
        return { kind: 'superseded' };
      // The Azure CLI hands out no ID token of ours: there Graph alone knows the groups, as at the sign-in.
      const isKnown = claims !== null || row.client === 'azure_cli';
      if (isKnown && scope === this.config.openAiScope) await this.reviewRoles(held, answer.cache, claims);
      return { kind: 'refreshed', token };
    } catch (error) {
      if (error instanceof IdentityMismatch) {
        await this.failures.mismatch(held, error.message);
        this.metrics.count('identity_mismatch', trigger);
        return { kind: 'superseded' };
      }
      if (!(error instanceof EntraFailure)) throw error;
      const failureClass = await this.failures.treat(held, scope, error);
      return { kind: 'failed', failureClass, cause: error };
    }
  }

  private async acquire({ row, content }: Held, scope: string): Promise<SilentTokens> {
    try {
      const { userId, client } = row;
      const answer = await this.credentials.acquire({ userId, client, cache: content.cache }, scope, {
        renew: content.tokens[scope] !== undefined,
      });
      this.circuit.answered();
      this.operator.over();
      return answer;
    } catch (error) {
      this.circuit.failed(error instanceof EntraFailure ? error : new EntraFailure('transient', null));
      throw error;
    }
  }

  private keep(
    { row, content }: Held,
    scope: string,
    answer: { cache: string; token: KeptToken; claims: IdTokenClaims | null },
    trigger: RefreshTrigger,
  ): Promise<boolean> {
    const { cache, token, claims } = answer;
    const subject = content.subject ?? claims?.sub;
    const isOpenAi = scope === this.config.openAiScope;
    const { challenge, ...kept } = content;
    const next: VaultContent = {
      ...kept,
      cache,
      tokens: { ...content.tokens, [scope]: token },
      ...(subject ? { subject } : {}),
      ...(challenge && !isOpenAi ? { challenge } : {}),
    };
    const changes = isOpenAi
      ? {
          ...timesOf(token, this.clock.now(), this.config, Math.random()),
          failureClass: null,
          failureCount: 0,
        }
      : {};
    return this.database.transaction(async () => {
      if (!(await this.rows.save(row, next, changes))) return false;
      await this.audit.record({
        action: 'azure_token.refreshed',
        resource: { type: 'user', id: row.userId },
        details: { scope, by: trigger, expiresAt: token.expiresAt },
      });
      if (isOpenAi) await this.vault.announce(row.userId);
      return true;
    });
  }

  /** Where Entra's word on the groups cannot be had, what it said last goes on counting, and nothing more. */
  private async reviewRoles(
    { row, content }: Held,
    cache: string,
    claims: IdTokenClaims | null,
  ): Promise<void> {
    try {
      const given = await this.standing.given(claims, () => this.graphToken({ row, content }, cache));
      await this.review.review(row.userId, given);
    } catch (error) {
      this.logger.warn({ msg: 'roles were not looked at after a refresh', userId: row.userId, err: error });
    }
  }

  /** For one question, and not kept: the next refresh of it, if anybody wants one, is another's affair. */
  private async graphToken({ row, content }: Held, cache: string): Promise<string> {
    const known = content.tokens[signInScope];
    if (known && this.clock.now() < known.expiresAt) return known.accessToken;
    const { userId, client } = row;
    const { accessToken } = await this.credentials.acquire({ userId, client, cache }, signInScope, {
      renew: false,
    });
    return accessToken;
  }
}

const outcomeOf = (refreshed: Refreshed) =>
  refreshed.kind === 'failed' ? refreshed.failureClass : refreshed.kind;
