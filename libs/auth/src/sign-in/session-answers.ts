import { Injectable } from '@nestjs/common';
import type { SessionAnswer } from '#contracts';
import { AppError } from '#platform';
import { Authenticator, type Credential, type LiveSession } from '../access/authenticator.ts';
import type { Principal } from '../access/principals.ts';
import { heldRoles } from '../users/roles.ts';
import { KnownStandings } from '../vault/known-standings.ts';

/** What the browser is told of its session. */
@Injectable()
export class SessionAnswers {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly standings: KnownStandings,
  ) {}

  async forCredential(credential: Credential): Promise<SessionAnswer> {
    const live = await this.authenticator.authenticate(credential);
    if (typeof live === 'string') throw new AppError(live);
    return this.for(live);
  }

  async for(live: LiveSession): Promise<SessionAnswer> {
    const { user, session, csrfToken } = live;
    return {
      user: personOf(live),
      session: {
        id: session.id,
        method: session.method,
        createdAt: session.createdAt.toISOString(),
        idleExpiresAt: session.idleExpiresAt.toISOString(),
        absoluteExpiresAt: session.absoluteExpiresAt.toISOString(),
        authenticatedAt: session.authenticatedAt.toISOString(),
      },
      azureToken: await this.standings.status(user.id),
      csrfToken,
    };
  }
}

/** What a caller is told of themselves. */
export const personOf = ({ user, caller }: Principal): SessionAnswer['user'] => ({
  id: user.id,
  email: user.email,
  displayName: user.displayName,
  roles: [...caller.roles],
  permissions: [...caller.permissions],
  isAdmin: caller.roles.includes('admin'),
  heldRoles: heldRoles(user),
});
