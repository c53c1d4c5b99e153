import { randomBytes } from 'node:crypto';
import type { Grant } from './grant.ts';

export interface AuthorizationCode {
  grant: Grant;
  redirectUri: string;
  nonce: string | undefined;
  /** PKCE, S256. */
  challenge: string | undefined;
  expiresAt: number;
  redeemed: boolean;
}

const KEPT_AFTER_EXPIRY_MS = 3_600_000;

export class AuthorizationCodes {
  private readonly codes = new Map<string, AuthorizationCode>();

  issue(code: Omit<AuthorizationCode, 'redeemed'>): string {
    this.forgetOld();
    const value = `1.${randomBytes(96).toString('base64url')}`;
    this.codes.set(value, { ...code, redeemed: false });
    return value;
  }

  find(value: string | undefined): AuthorizationCode | undefined {
    return this.codes.get(value ?? '');
  }

  /** Redeemed and expired ones are kept for a while, so that a replay can be told from a forgery. */
  private forgetOld(): void {
    for (const [value, code] of this.codes) {
      if (code.expiresAt + KEPT_AFTER_EXPIRY_MS < Date.now()) this.codes.delete(value);
    }
  }
}
