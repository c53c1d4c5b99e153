import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits from the system's generator, as 43 URL-safe characters. */
export const newSecretToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a secret token. It has full entropy, so a plain SHA-256 cannot be guessed back. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A second secret that follows from the first and does not reveal it. */
export const derivedToken = (secret: string, purpose: string): string =>
  createHmac('sha256', secret).update(purpose).digest('base64url');

/** Compares in constant time; hashing first makes the lengths equal. */
export const isSameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(hashOf(one), hashOf(other));
