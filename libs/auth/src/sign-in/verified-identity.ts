/**
 * Every way to sign in ends here: a proof from Entra becomes a verified identity. In this order: the ID token is
 * verified, the profile must be the same person's, the groups are complete or the sign-in fails.
 */
import { Injectable } from '@nestjs/common';
import type { SignInMethod } from '#contracts';
import { AppError } from '#platform';
import { EntraStanding } from '../account/entra-standing.ts';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraClient, type EntraTokens } from '../entra/entra-client.ts';
import { EntraFailure } from '../entra/entra-failure.ts';
import { Graph, type GraphProfile } from '../entra/graph.ts';
import { type IdTokenClaims, IdTokenVerifier } from '../entra/id-token.ts';
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

type Identified = Omit<VerifiedIdentity, 'method' | 'credentials'> & { subject: string };

@Injectable()
export class IdentityVerification {
  constructor(
    private readonly config: AuthConfig,
    private readonly idTokens: IdTokenVerifier,
    private readonly graph: Graph,
    private readonly standing: EntraStanding,
    private readonly entra: EntraClient,
  ) {}

  /**
   * `nonce` is null only where the flow has none. `challenge`: what Azure has asked of this person besides. Throws
   * AppError.
   */
  async verify(
    method: SignInMethod,
    tokens: EntraTokens,
    nonce: string | null,
    challenge?: string,
  ): Promise<VerifiedIdentity> {
    const { subject, ...identity } = await this.identify(tokens, nonce);
    return {
      method,
      ...identity,
      credentials: { ...(await this.credentialsFor(tokens, challenge)), subject },
    };
  }

  /** Who it is, as for any sign-in, without credentials to keep. */
  async identify(tokens: EntraTokens, nonce: string | null): Promise<Identified> {
    const claims = await this.idTokens.verify(tokens.idToken, nonce);
    const profile = await this.graph.profile(tokens.accessToken);
    if (profile.id.toLowerCase() !== claims.oid) {
      throw new AppError('sign_in_failed', {}, { cause: new Error('the profile is another person’s') });
    }
    const given = await this.standing.given(claims, async () => tokens.accessToken);
    return {
      person: { ...toPerson(claims, profile), ...given },
      authenticatedAt: claims.auth_time === undefined ? null : new Date(claims.auth_time * 1000),
      entraSessionId: claims.sid ?? null,
      subject: claims.sub,
    };
  }

  /** The first token for Azure OpenAI. Without it the person still gets in and is told what is missing. */
  private async credentialsFor(
    { client, cache, accessToken, expiresAt }: EntraTokens,
    challenge: string | undefined,
  ): Promise<NewCredentials> {
    const profileToken = { accessToken, expiresAt };
    try {
      const { cache: updated, ...token } = await this.entra.acquire(
        { client, cache },
        this.config.openAiScope,
        { renew: false, claims: challenge },
      );
      return { client, cache: updated, token, profileToken };
    } catch (error) {
      if (!(error instanceof EntraFailure)) throw error;
      const { failureClass: token, refusal } = error;
      return { client, cache, token, profileToken, challenge: refusal?.claims };
    }
  }
}

const toPerson = (
  claims: IdTokenClaims,
  profile: GraphProfile,
): Omit<PersonFromEntra, 'roles' | 'rolesByDefault'> => ({
  tenantId: claims.tid,
  objectId: claims.oid,
  email: profile.mail ?? profile.userPrincipalName ?? claims.email ?? claims.preferred_username ?? null,
  displayName: profile.displayName ?? claims.name ?? profile.userPrincipalName ?? 'Unnamed',
  firstName: profile.givenName ?? null,
  lastName: profile.surname ?? null,
  department: profile.department ?? null,
  jobTitle: profile.jobTitle ?? null,
});
