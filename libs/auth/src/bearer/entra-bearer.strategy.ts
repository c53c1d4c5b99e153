/**
 * Verification of the Entra access tokens of API callers, by `passport-azure-ad`. The library gets no new releases, so
 * this class is all of the product that knows it, and it is given only what it does well: signature, issuer, audience
 * and times. What it does badly is done here (docs/decisions/0012-*):
 *  - it would fetch metadata and keys past our door out, and end the process when the answer is not JSON;
 *  - it would take the algorithms from the metadata, and keys published later only after half an hour;
 *  - it would take a token from the query or the body as well;
 *  - it logs pieces of a token that it cannot parse, and ends the process over a `scp` that is not text.
 */
import { Injectable, Logger } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, exportSPKI } from 'jose';
import { BearerStrategy } from 'passport-azure-ad';
import { AppError } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraMetadataSource } from '../entra/entra-metadata.ts';
import { clockToleranceSeconds } from '../entra/id-token.ts';
import { type Bearer, bearerOf, issuersOf } from './access-token-claims.ts';

const algorithm = 'RS256';

/** The part of the library's own metadata object that it uses. */
interface VerificationKey {
  oidc: { algorithms: string[] };
  generateOidcPEM(): string;
}

@Injectable()
export class EntraBearerStrategy extends PassportStrategy(BearerStrategy, 'entra-bearer') {
  private readonly logger = new Logger(EntraBearerStrategy.name);

  constructor(
    private readonly config: AuthConfig,
    private readonly metadata: EntraMetadataSource,
  ) {
    super({
      // Demanded by the constructor; never fetched, because `loadMetadata` is ours.
      identityMetadata: `${config.authorityHost}/${config.tenantId}/v2.0/.well-known/openid-configuration`,
      clientID: config.clientId,
      audience: [...config.apiAudiences],
      validateIssuer: true,
      issuer: config.tenants.flatMap((tenant) => issuersOf(tenant, config.authorityHost)),
      allowMultiAudiencesInToken: false,
      passReqToCallback: false,
      clockSkew: clockToleranceSeconds,
      loggingLevel: 'error',
      loggingNoPII: true,
    });
  }

  /** The person in whose name the token is, or null. Throws AppError sign_in_unavailable when Entra's keys cannot be had. */
  async verify(token: string): Promise<Bearer | null> {
    const keyId = keyIdOf(token);
    const pem = keyId === null ? null : await this.publicKey(keyId);
    if (pem === null) return null;
    const key: VerificationKey = { oidc: { algorithms: [algorithm] }, generateOidcPEM: () => pem };
    return new Promise((resolve, reject) => {
      // Passport as well makes an object for each request, on which the strategy calls one of these three.
      const attempt = Object.assign(Object.create(this) as EntraBearerStrategy, {
        success: resolve,
        fail: () => resolve(null),
        error: reject,
        loadMetadata: (_: unknown, next: (error: null, metadata: VerificationKey) => void) => next(null, key),
      });
      attempt.authenticate({ headers: { authorization: `Bearer ${token}` } } as never);
    });
  }

  /** Called with the claims of a token that the library has verified. */
  validate(claims: unknown): Bearer | false {
    try {
      return bearerOf(claims, this.config);
    } catch (cause) {
      this.logger.debug({ msg: 'an access token of Entra was not for us', err: cause });
      return false;
    }
  }

  private async publicKey(keyId: string): Promise<string | null> {
    const { keys } = await this.metadata.get();
    try {
      const key = await keys({ alg: algorithm, kid: keyId }, { payload: '', signature: '' });
      return await exportSPKI(key as CryptoKey);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey) return null;
      throw new AppError('sign_in_unavailable', {}, { cause });
    }
  }
}

/** Null as well for what is no JWT at all: the library must not get to see, and log, what it cannot parse. */
function keyIdOf(token: string): string | null {
  try {
    decodeJwt(token);
    return decodeProtectedHeader(token).kid ?? null;
  } catch {
    return null;
  }
}
