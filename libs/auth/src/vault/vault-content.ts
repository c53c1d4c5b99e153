import { z } from 'zod';
import { type Sealer, UnsealError } from '#platform';

/** What is sealed: MSAL's cache, and per scope the token that MSAL last handed out. */
const vaultContentSchema = z.object({
  cache: z.string(),
  tokens: z.record(
    z.string(),
    z.object({ accessToken: z.string(), expiresAt: z.coerce.date(), acquiredAt: z.coerce.date().optional() }),
  ),
  /** Entra's `sub` of whose credentials these are: what a refresh answers must be the same person's. */
  subject: z.string().optional(),
  /** The claims that Azure wants of the person before it takes another token of theirs. */
  challenge: z.string().optional(),
});
export type VaultContent = z.infer<typeof vaultContentSchema>;
export type KeptToken = VaultContent['tokens'][string];

/** The owner is bound to the ciphertext: a row copied to another person does not open. */
export const vaultOwner = (userId: string): string => `token-cache:${userId}`;

export const sealContent = (sealer: Sealer, userId: string, content: VaultContent): Buffer =>
  sealer.seal(JSON.stringify(content), vaultOwner(userId));

/** Throws UnsealError; the parser's own errors would quote what they could not read. */
export function openContent(sealer: Sealer, userId: string, sealed: Buffer): VaultContent {
  const text = sealer.open(sealed, vaultOwner(userId));
  try {
    return vaultContentSchema.parse(JSON.parse(text));
  } catch {
    throw new UnsealError();
  }
}
