import { Injectable } from '@nestjs/common';
import type { ErrorCode, SignInMethod } from '#contracts';
import { AppError, type Actor, Database } from '#platform';
import { AuditLog } from '#audit';
import { Session } from '../sessions/session.entity.ts';
import { Sessions } from '../sessions/sessions.ts';
import { effectiveRoles } from '../users/roles.ts';
import type { User } from '../users/user.entity.ts';
import { Users } from '../users/users.ts';
import { TokenVault } from '../vault/token-vault.ts';
import type { VerifiedIdentity } from './verified-identity.ts';

export interface SignedIn {
  token: string;
  session: Session;
}

export interface SignInRequest {
  remember: boolean;
  /** The secret in the browser's cookie, to which the session is bound. */
  browser: string;
  /** The session cookie that came along: that session ends, whoever put it there. */
  previousToken: string | null;
}

/** The single way in: person, roles, session, vault row and audit entry in one transaction. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly vault: TokenVault,
    private readonly audit: AuditLog,
  ) {}

  async signIn(identity: VerifiedIdentity, request: SignInRequest): Promise<SignedIn> {
    const refusal = await this.refusalOf(identity);
    if (refusal) throw new AppError(refusal);
    return this.database.transaction(async () => {
      const user = await this.savePerson(identity);
      const { session, token } = await this.sessions.issue({
        userId: user.id,
        method: identity.method,
        remember: request.remember,
        entraSessionId: identity.entraSessionId,
        browser: request.browser,
      });
      await this.vault.replace(user.id, identity.credentials);
      await this.endPrevious(request.previousToken);
      await this.audit.record({
        action: 'sign_in.succeeded',
        actor: actorOf(user),
        resource: { type: 'session', id: session.id },
        details: { method: identity.method, remember: request.remember, roles: effectiveRoles(user) },
      });
      return { session, token };
    });
  }

  /** Someone did not get in. Never fails the answer: there is no act to undo. */
  async recordFailure(method: SignInMethod, code: ErrorCode): Promise<void> {
    await this.audit.record({ action: 'sign_in.failed', outcome: 'failure', details: { method, code } });
  }

  private async refusalOf({ person }: VerifiedIdentity): Promise<ErrorCode | null> {
    const known = await this.users.findByIdentity(person.tenantId, person.objectId);
    if (known && !known.isActive) return 'account_disabled';
    const roles = effectiveRoles({ rolesFromEntra: person.roles, grantedRoles: known?.grantedRoles ?? [] });
    return roles.length === 0 ? 'no_role' : null;
  }

  private async savePerson({ person }: VerifiedIdentity): Promise<User> {
    const known = await this.users.findByIdentity(person.tenantId, person.objectId);
    const user = await this.users.saveFromEntra(person);
    const resource = { type: 'user', id: user.id } as const;
    if (!known) {
      await this.audit.record({
        action: 'user.created',
        actor: actorOf(user),
        resource,
        details: { roles: user.rolesFromEntra },
      });
    } else if (known.rolesFromEntra.join() !== user.rolesFromEntra.join()) {
      const details = { source: 'entra', before: known.rolesFromEntra, after: user.rolesFromEntra };
      await this.audit.record({ action: 'user.roles_changed', actor: actorOf(user), resource, details });
    }
    return user;
  }

  private async endPrevious(token: string | null): Promise<void> {
    const previous = token ? await this.sessions.find(token) : null;
    if (previous)
      await this.sessions.end(previous.userId, previous.id, { why: 'replaced', by: previous.userId });
  }
}

const actorOf = ({ id, email, displayName }: User): Actor => ({ id, email, displayName });
