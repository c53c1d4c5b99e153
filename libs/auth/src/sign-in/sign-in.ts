import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '#contracts';
import { AppError, type Actor, Database } from '#platform';
import { AuditLog } from '#audit';
import { RoleReview } from '../account/role-review.ts';
import { SessionEndings } from '../account/session-endings.ts';
import { Session } from '../sessions/session.entity.ts';
import { Sessions } from '../sessions/sessions.ts';
import { DeletedPeople } from '../account/deleted-people.ts';
import { effectiveRoles } from '../users/roles.ts';
import { SeenStandings } from '../users/seen-standings.ts';
import type { User } from '../users/user.entity.ts';
import { type PersonFromEntra, Users } from '../users/users.ts';
import { TokenVault } from '../vault/token-vault.ts';
import { SignInMetrics, type WayIn } from './sign-in-metrics.ts';
import { SignInRefused } from './sign-in-refused.ts';
import { StepUpFailed } from './step-up.ts';
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
  /** Whose session this sign-in strengthens. */
  stepUpOf?: string | null;
  /** Because Azure asked for it, and not for an act of theirs. */
  confirms?: boolean;
  /** Done last within the transaction: when it fails, nobody has signed in. */
  alongside?(userId: string): Promise<void>;
}

export interface ProvedByToken {
  /** The application that the person uses. */
  clientId: string | null;
  issuedAt: Date;
}

/** The single way in: person, roles, session, vault row and audit entry in one transaction. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly endings: SessionEndings,
    private readonly vault: TokenVault,
    private readonly audit: AuditLog,
    private readonly roles: RoleReview,
    private readonly metrics: SignInMetrics,
    private readonly deleted: DeletedPeople,
    private readonly standings: SeenStandings,
  ) {}

  /** Whoever is refused leaves nothing behind; so is whoever is disabled while they sign in. */
  async signIn(identity: VerifiedIdentity, request: SignInRequest): Promise<SignedIn> {
    await this.reviewRoles(identity.person);
    const signedIn = await this.database.transaction(async () => {
      const user = await this.savePerson(identity.person);
      const { session, token } = await this.sessions.issue({
        userId: user.id,
        method: identity.method,
        remember: request.remember,
        entraSessionId: identity.entraSessionId,
        browser: request.browser,
        authenticatedAt: identity.authenticatedAt,
      });
      await this.vault.replace(user.id, identity.credentials);
      await this.endPrevious(request.previousToken, user.id);
      await this.audit.record({
        action: 'sign_in.succeeded',
        actor: actorOf(user),
        resource: { type: 'session', id: session.id },
        details: { method: identity.method, remember: request.remember, roles: effectiveRoles(user) },
      });
      if (request.stepUpOf)
        await this.audit.record({
          action: 'step_up.succeeded',
          actor: actorOf(user),
          resource: { type: 'session', id: session.id },
          details: {
            authenticatedAt: session.authenticatedAt,
            for: request.confirms ? 'azure' : 'sensitive_act',
          },
        });
      await request.alongside?.(user.id);
      return { session, token };
    });
    this.metrics.succeeded(identity.method);
    return signedIn;
  }

  /**
   * Somebody who brings a token with every call: known from now on, without a session and with nothing in the vault.
   * Not by a token from before their account was deleted.
   */
  async admit(person: PersonFromEntra, { clientId, issuedAt }: ProvedByToken): Promise<User> {
    await this.reviewRoles(person);
    const admitted = await this.database.transaction(async () => {
      const user = await this.savePerson(person);
      if (await this.deleted.areSince(person, issuedAt))
        throw new SignInRefused('not_authenticated', person, null);
      await this.audit.record({
        action: 'sign_in.succeeded',
        actor: actorOf(user),
        resource: { type: 'user', id: user.id },
        details: { method: 'api_bearer', clientId, roles: effectiveRoles(user) },
      });
      return user;
    });
    this.metrics.succeeded('api_bearer');
    return admitted;
  }

  /** Someone did not get in. If the entry cannot be written the answer stays the same: there is no act to undo. */
  async recordFailure(method: WayIn, error: AppError, attemptId?: string): Promise<void> {
    this.metrics.failed(method, error.code);
    const stepUpOf = error instanceof StepUpFailed ? error.userId : null;
    const reason = error instanceof StepUpFailed ? error.cause : error;
    const { person, known } = reason instanceof SignInRefused ? reason : { person: null, known: null };
    const who = person && { tenantId: person.tenantId, objectId: person.objectId, email: person.email };
    await this.audit.recordIfPossible({
      action: stepUpOf ? 'step_up.failed' : 'sign_in.failed',
      outcome: 'failure',
      ...(known ? { actor: actorOf(known) } : {}),
      ...(stepUpOf ? { resource: { type: 'user', id: stepUpOf } } : {}),
      ...(attemptId ? { resource: { type: 'sign_in_attempt', id: attemptId } } : {}),
      details: { method, code: error.code, ...who },
    });
  }

  /**
   * On its own, before the sign-in: what Entra has taken away is gone, also when somebody then does not get in. Nothing
   * of who is disabled changes.
   */
  private async reviewRoles(person: PersonFromEntra): Promise<void> {
    const known = await this.users.findByIdentity(person.tenantId, person.objectId);
    if (known?.isActive) await this.roles.review(known.id, person);
  }

  private async savePerson(person: PersonFromEntra): Promise<User> {
    const { isNew, ...user } = await this.users.saveFromEntra(person);
    const refusal = refusalOf(user);
    if (refusal) throw new SignInRefused(refusal, person, isNew ? null : user);
    if (isNew) {
      // Of somebody known, the review of their roles has done it.
      if (person.standing) await this.standings.keep(user.id, person.standing);
      await this.audit.record({
        action: 'user.created',
        actor: actorOf(user),
        resource: { type: 'user', id: user.id },
        details: { roles: user.rolesFromEntra },
      });
    }
    return user;
  }

  private async endPrevious(token: string | null, by: string): Promise<void> {
    const previous = token ? await this.sessions.find(token) : null;
    if (previous) await this.endings.end(previous.userId, previous.id, { why: 'replaced', by });
  }
}

function refusalOf(user: User): ErrorCode | null {
  if (!user.isActive) return 'account_disabled';
  return effectiveRoles(user).length === 0 ? 'no_role' : null;
}

const actorOf = ({ id, email, displayName }: User): Actor => ({ id, email, displayName });
