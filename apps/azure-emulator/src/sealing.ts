import { randomBytes } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { DataFolder } from './data-folder.ts';

/**
 * Refresh tokens and the browser's sign-in cookie are sealed blobs, as at Entra: nothing is kept here, so they outlive a
 * restart of the emulator.
 */
export interface Seal {
  close(kind: SealedKind, content: Record<string, unknown>, seconds: number): Promise<string>;
  open<T>(kind: SealedKind, token: string): Promise<Opened<T> | null>;
}

type SealedKind = 'refresh-token' | 'browser-session';

type Opened<T> = T & { expired: boolean };

export function loadSeal(folder: DataFolder): Seal {
  const secret = Buffer.from(folder.read('seal.key') ?? create(folder), 'base64url');
  return {
    close: (kind, content, seconds) =>
      new EncryptJWT({ content, expiresAt: Date.now() + seconds * 1000 })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(kind)
        .encrypt(secret),
    async open<T>(kind: SealedKind, token: string) {
      try {
        const { payload } = await jwtDecrypt(token, secret, { audience: kind });
        // Not the `exp` claim: that would make an expired blob look like a forged one.
        return { ...(payload.content as T), expired: Number(payload.expiresAt) <= Date.now() };
      } catch {
        return null;
      }
    },
  };
}

function create(folder: DataFolder): string {
  const secret = randomBytes(32).toString('base64url');
  folder.writeSecret('seal.key', secret);
  return secret;
}
