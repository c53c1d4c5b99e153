/**
 * A short-lived JWT for scripts, tied to the session that asked for it: the session is looked up at every use, so the
 * token is dead as soon as the session is.
 */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Clock, PlatformConfig, secondsAfter } from '#platform';
import { SigningKeys } from './signing-keys.ts';

export const sessionJwtSeconds = 10 * 60;

const claimsSchema = z.object({ sub: z.uuid(), sid: z.uuid() });

@Injectable()
export class SessionJwt {
  private readonly issuer: string;

  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    { publicUrl }: PlatformConfig,
  ) {
    this.issuer = publicUrl;
  }

  async issue({ userId, sessionId }: { userId: string; sessionId: string }): Promise<string> {
    const { kid, key } = await this.keys.current();
    const now = this.clock.now();
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
      .setIssuer(this.issuer)
      .setAudience(this.issuer)
      .setSubject(userId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(secondsAfter(now, sessionJwtSeconds))
      .sign(key);
  }

  /** Whether the token claims to be ours; says nothing of whether it is. */
  isOurs(token: string): boolean {
    try {
      return decodeJwt(token).iss === this.issuer;
    } catch {
      return false;
    }
  }

  /** The session that the token is tied to, or why it is good for none. */
  async verify(token: string): Promise<{ userId: string; sessionId: string } | 'expired' | 'invalid'> {
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(await this.keys.published()), {
        algorithms: ['ES256'],
        issuer: this.issuer,
        audience: this.issuer,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'jti'],
        currentDate: this.clock.now(),
      });
      const { sub, sid } = claimsSchema.parse(payload);
      return { userId: sub, sessionId: sid };
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
    }
  }
}
