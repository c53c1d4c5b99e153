/**
 * Every way to sign in ends here: a proof from Entra becomes a verified identity. In this order: the ID token is
 * verified, the profile must be the same person's, the groups are complete or the sign-in fails.
 */
import { Injectable } from '@nestjs/common';
import type { SignInMethod } from '#contracts';
import { AppError } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraClient, type EntraTokens } from '../entra/entra-client.ts';
import { EntraFailure } from '../entra/entra-failure.ts';
import { Graph, type GraphProfile } from '../entra/graph.ts';
import { type IdTokenClaims, IdTokenVerifier } from '../entra/id-token.ts';
import { givenRoles } from '../users/roles.ts';
import type { PersonFromEntra } from '../users/users.ts';
import type { NewCredentials } from '../vault/token-vault.ts';

export interface VerifiedIdentity {
  method: SignInMethod;
  person: PersonFromEntra;
  /** When Entra last asked the person to prove who they are; null where it does not say. */
  authenticatedAt: Date | null;
  entraSessionId: string | null;
  credentials: NewCredentials;
}

@Injectable()
export class IdentityVerification {
  constructor(
    private readonly config: AuthConfig,
    private readonly idTokens: IdTokenVerifier,
    private readonly graph: Graph,
    private readonly entra: EntraClient,
  ) {}

  /** `nonce` is null only where the flow has none. Throws AppError. */
  async verify(method: SignInMethod, tokens: EntraTokens, nonce: string | null): Promise<VerifiedIdentity> {
    return {
      method,
      ...(await this.identify(tokens, nonce)),
      credentials: await this.credentialsFor(tokens),
    };
  }

  /** Who it is, as for any sign-in, without credentials to keep. */
  async identify(
    tokens: EntraTokens,
    nonce: string | null,
  ): Promise<Omit<VerifiedIdentity, 'method' | 'credentials'>> {
    const claims = await this.idTokens.verify(tokens.idToken, nonce);
    const profile = await this.graph.profile(tokens.accessToken);
    if (profile.id.toLowerCase() !== claims.oid) {
      throw new AppError('sign_in_failed', {}, { cause: new Error('the profile is another person’s') });
    }
    const groups = await this.groupsOf(claims, tokens);
    const given = givenRoles({ groups, appRoles: claims.roles ?? [] }, this.config);
    return {
      person: { ...toPerson(claims, profile), ...given },
      authenticatedAt: claims.auth_time === undefined ? null : new Date(claims.auth_time * 1000),
      entraSessionId: claims.sid ?? null,
    };
  }

  /** Above 200 groups Entra leaves them out of the token; the address it names instead is not followed, Graph is asked. */
  private async groupsOf(claims: IdTokenClaims, tokens: EntraTokens): Promise<string[]> {
    const isOverage = claims._claim_names?.groups !== undefined || claims.hasgroups !== undefined;
    if (claims.groups && !isOverage) return claims.groups.map((id) => id.toLowerCase());
    const matter = isOverage || this.config.roleMappings.length > 0;
    return matter ? this.graph.groups(tokens.accessToken) : [];
  }

  /** The first token for Azure OpenAI. Without it the person still gets in and is told what is missing. */
  private async credentialsFor({ client, cache }: EntraTokens): Promise<NewCredentials> {
    try {
      const { cache: updated, ...token } = await this.entra.acquire(
        { client, cache },
        this.config.openAiScope,
        { renew: false },
      );
      return { client, cache: updated, token };
    } catch (error) {
      if (!(error instanceof EntraFailure)) throw error;
      return { client, cache, token: error.failureClass };
    }
  }
}

const toPerson = (
  claims: IdTokenClaims,
  profile: GraphProfile,
): Omit<PersonFromEntra, 'roles' | 'rolesByDefault'> => ({
  ...profileOf(profile),
  tenantId: claims.tid,
  objectId: claims.oid,
  email: profile.mail ?? profile.userPrincipalName ?? claims.email ?? claims.preferred_username ?? null,
  displayName: profile.displayName ?? claims.name ?? profile.userPrincipalName ?? 'Unnamed',
});

/** What Graph alone says of a person. */
export const profileOf = (profile: GraphProfile) => ({
  email: profile.mail ?? profile.userPrincipalName ?? null,
  displayName: profile.displayName ?? profile.userPrincipalName ?? 'Unnamed',
  firstName: profile.givenName ?? null,
  lastName: profile.surname ?? null,
  department: profile.department ?? null,
  jobTitle: profile.jobTitle ?? null,
});
