import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../config/auth-config.ts';
import { Graph } from '../entra/graph.ts';
import type { IdTokenClaims } from '../entra/id-token.ts';
import { type GivenRoles, givenRoles } from '../users/roles.ts';

/** Which roles Entra gives somebody now, by a verified ID token: at each sign-in, and whenever their token is refreshed. */
@Injectable()
export class EntraStanding {
  constructor(
    private readonly config: AuthConfig,
    private readonly graph: Graph,
  ) {}

  /**
   * `graphToken` is asked for only where the ID token leaves the groups out, or there is none. Throws what it throws, and
   * Graph's AppError.
   */
  async given(claims: IdTokenClaims | null, graphToken: () => Promise<string>): Promise<GivenRoles> {
    const groups = await this.groupsOf(claims, graphToken);
    return givenRoles({ groups, appRoles: claims?.roles ?? [] }, this.config);
  }

  /** Above 200 groups Entra leaves them out of the token; the address it names instead is not followed, Graph is asked. */
  private async groupsOf(claims: IdTokenClaims | null, graphToken: () => Promise<string>): Promise<string[]> {
    const isOverage = claims?._claim_names?.groups !== undefined || claims?.hasgroups !== undefined;
    if (claims?.groups && !isOverage) return claims.groups.map((id) => id.toLowerCase());
    const matter = isOverage || this.config.roleMappings.length > 0;
    return matter ? this.graph.groups(await graphToken()) : [];
  }
}
