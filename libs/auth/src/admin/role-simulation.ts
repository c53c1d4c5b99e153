import { Injectable } from '@nestjs/common';
import { permissionsOf, type RolesSeen, type SimulatedRoles } from '#contracts';
import { AuthConfig } from '../config/auth-config.ts';
import { type EntraStanding, givenRoles, reasonsOf } from '../users/roles.ts';
import { SeenStandings } from '../users/seen-standings.ts';
import { People } from './people.ts';

/** What the rules of now make of groups and app roles: of any, or of those that Entra last named for somebody. */
@Injectable()
export class RoleSimulation {
  constructor(
    private readonly config: AuthConfig,
    private readonly people: People,
    private readonly standings: SeenStandings,
  ) {}

  of(standing: EntraStanding): SimulatedRoles {
    const { roles } = givenRoles(standing, this.config);
    return { roles, permissions: permissionsOf(roles), because: reasonsOf(standing, this.config) };
  }

  async ofPerson(id: string): Promise<RolesSeen> {
    await this.people.require(id);
    const seen = await this.standings.of(id);
    if (!seen) return { seen: null };
    const { groups, appRoles, seenAt } = seen;
    return {
      seen: {
        groups: [...groups],
        appRoles: [...appRoles],
        seenAt: seenAt.toISOString(),
        outcome: this.of(seen),
      },
    };
  }
}
