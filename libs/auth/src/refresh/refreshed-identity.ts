import { Injectable } from '@nestjs/common';
import { AppError } from '#platform';
import { EntraFailure } from '../entra/entra-failure.ts';
import { ForeignIdToken, type IdTokenClaims, IdTokenVerifier } from '../entra/id-token.ts';
import { Users } from '../users/users.ts';

/** Entra has answered a refresh for somebody else than it was asked for. */
export class IdentityMismatch extends Error {
  override name = 'IdentityMismatch';
}

/** OpenID Connect Core 12.2: what a refresh answers must be of the same issuer, and of the same person. */
@Injectable()
export class RefreshedIdentity {
  constructor(
    private readonly idTokens: IdTokenVerifier,
    private readonly users: Users,
  ) {}

  /**
   * The claims of whom the answer is about. Throws IdentityMismatch; EntraFailure where it cannot be told whose it is,
   * because then nothing of it is used.
   */
  async require(userId: string, subject: string | undefined, idToken: string): Promise<IdTokenClaims> {
    const claims = await this.verify(idToken);
    const user = await this.users.find(userId);
    if (claims.tid !== user?.tenantId || claims.oid !== user.objectId)
      throw new IdentityMismatch('the refreshed ID token names another person');
    if (subject !== undefined && claims.sub !== subject)
      throw new IdentityMismatch('the refreshed ID token has another subject');
    return claims;
  }

  /** A refresh has no nonce of its own (OpenID Connect Core 12.2). */
  private async verify(idToken: string): Promise<IdTokenClaims> {
    try {
      return await this.idTokens.verify(idToken, null);
    } catch (error) {
      const cause = error instanceof AppError ? error.cause : error;
      throw cause instanceof ForeignIdToken
        ? new IdentityMismatch('the refreshed ID token is of another issuer', { cause })
        : new EntraFailure('transient', null, { cause });
    }
  }
}
