import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { EntraRoles } from '../users/entra-roles.ts';
import { effectiveRoles, type GivenRoles } from '../users/roles.ts';
import { SeenStandings } from '../users/seen-standings.ts';
import type { User } from '../users/user.entity.ts';
import { SessionEndings } from './session-endings.ts';

/** What Entra gives a person now counts now: at each sign-in, and whenever their token is refreshed. */
@Injectable()
export class RoleReview {
  constructor(
    private readonly database: Database,
    private readonly roles: EntraRoles,
    private readonly endings: SessionEndings,
    private readonly standings: SeenStandings,
  ) {}

  /** Whoever is left without any role is signed out everywhere. Null when the person is gone. */
  async review(userId: string, given: GivenRoles): Promise<User | null> {
    return this.database.transaction(async () => {
      const user = await this.roles.apply(userId, given);
      if (user && given.standing) await this.standings.keep(userId, given.standing);
      if (user && effectiveRoles(user).length === 0)
        await this.endings.endAll(userId, { why: 'rights_changed', by: null });
      return user;
    });
  }
}
