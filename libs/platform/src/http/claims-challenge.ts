/** Conditional Access wants more of a person than their token proves (continuous access evaluation). */

const mostCharacters = 4096;

/**
 * The claims that a resource asks for in `WWW-Authenticate` (base64 of JSON there, JSON here); null where it asks for none
 * that can be read. https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function challengedClaims(header: string | null | undefined): string | null {
  if (!header || !/\berror="?insufficient_claims\b|\bclaims=/.test(header)) return null;
  const [, encoded = ''] = /\bclaims="([^"]*)"/.exec(header) ?? [];
  return asClaims(Buffer.from(encoded, 'base64').toString('utf8'));
}

/** For our own callers: the same challenge, passed on. */
export const challengeHeader = (claims: string): string =>
  `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;

/** Only what is an object: it goes to Entra as a parameter. */
function asClaims(text: string): string | null {
  if (text.length > mostCharacters) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? JSON.stringify(value) : null;
  } catch {
    return null;
  }
}
