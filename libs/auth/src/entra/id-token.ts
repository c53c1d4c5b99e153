/**
 * Verification of ID tokens, OpenID Connect Core 3.1.3.7. MSAL reads ID tokens without verifying any signature, so this
 * is the place where a person's identity is established. Every claim that is decided on is checked here.
 */
import { Injectable } from '@nestjs/common';
import { type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { AppError, Clock, isSameSecret } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { EntraMetadataSource } from './entra-metadata.ts';

/** Accepted difference between our clock and Entra's, in seconds. */
export const clockToleranceSeconds = 60;

const claimsSchema = z.object({
  sub: z.string().min(1),
  tid: z.guid().transform((id) => id.toLowerCase()),
  oid: z.guid().transform((id) => id.toLowerCase()),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  nonce: z.string().optional(),
  sid: z.string().optional(),
  /** Seconds since 1970; there where the app registration asks for it. */
  auth_time: z.number().int().nonnegative().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
  preferred_username: z.string().optional(),
  groups: z.array(z.string()).optional(),
  hasgroups: z.union([z.boolean(), z.string()]).optional(),
  _claim_names: z.object({ groups: z.string().optional() }).optional(),
  roles: z.array(z.string()).optional(),
});
export type IdTokenClaims = z.infer<typeof claimsSchema>;

/** Genuine, and of another tenant or for another application. */
export class ForeignIdToken extends Error {
  override name = 'ForeignIdToken';
}

@Injectable()
export class IdTokenVerifier {
  constructor(
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    private readonly metadata: EntraMetadataSource,
  ) {}

  /** `nonce` is null only where the flow has none (device code). Throws AppError sign_in_failed, the reason as cause. */
  async verify(idToken: string, nonce: string | null): Promise<IdTokenClaims> {
    const { keys } = await this.metadata.get();
    try {
      const { payload } = await jwtVerify(idToken, keys, {
        algorithms: ['RS256'],
        audience: this.config.clientId,
        requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'tid', 'oid'],
        clockTolerance: clockToleranceSeconds,
        currentDate: this.clock.now(),
      });
      requireIdToken(payload);
      const claims = claimsSchema.parse(payload);
      this.requireOwnTenant(payload.iss, claims.tid);
      requireOnlyAudience(claims, this.config.clientId);
      requireNonce(claims.nonce, nonce);
      requireIssuedInThePast(payload.iat, this.clock.now());
      return claims;
    } catch (cause) {
      throw cause instanceof AppError ? cause : new AppError('sign_in_failed', {}, { cause });
    }
  }

  private requireOwnTenant(issuer: string | undefined, tenant: string): void {
    if (!this.config.tenants.includes(tenant)) throw new ForeignIdToken('tid is not an allowed tenant');
    if (issuer !== `${this.config.authorityHost}/${tenant}/v2.0`)
      throw new ForeignIdToken('iss is not the tenant');
  }
}

/** An access token for our own API has our audience too; only access tokens name scopes or a kind of caller. */
function requireIdToken(payload: JWTPayload): void {
  if ('scp' in payload || 'idtyp' in payload) throw new Error('an access token is no ID token');
}

/** A token for several audiences is ours only if it was also issued to us. */
function requireOnlyAudience({ aud, azp }: IdTokenClaims, clientId: string): void {
  if (Array.isArray(aud) && aud.length > 1 && azp !== clientId)
    throw new Error('azp is not this application');
  if (azp !== undefined && azp !== clientId) throw new Error('azp is not this application');
}

function requireNonce(claimed: string | undefined, expected: string | null): void {
  if (expected !== null && !isSameSecret(claimed ?? '', expected)) throw new Error('nonce differs');
}

function requireIssuedInThePast(issuedAt: number | undefined, now: Date): void {
  if ((issuedAt ?? Infinity) * 1000 > now.getTime() + clockToleranceSeconds * 1000)
    throw new Error('iat is in the future');
}
