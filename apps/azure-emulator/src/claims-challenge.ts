import type { JWTPayload } from 'jose';
import type { Cloud } from './cloud.ts';
import type { Person } from './people.ts';
import { contextClaims } from './entra/token-answer.ts';

/**
 * A resource asks for more than the token proves: `WWW-Authenticate` with the claims to get. Only a client that declared
 * `cp1` is told so; any other just sees a 401.
 */
export function claimsChallenge(
  cloud: Cloud,
  resource: 'graph' | 'openai',
  person: Person,
  token: JWTPayload,
): string | null {
  const held = (token.acrs as string[] | undefined) ?? [];
  const rule = cloud.levers.conditionalAccess.find(
    ({ at, context, person: whom }) =>
      at === resource && cloud.directory.isPerson(person, whom) && !held.includes(context),
  );
  return rule ? challengeHeader(token, contextClaims(rule.context)) : null;
}

export function challengeHeader(token: JWTPayload, claims: Record<string, unknown>): string {
  const isCapable = (token.xms_cc as string[] | undefined)?.includes('cp1') ?? false;
  if (!isCapable) return 'Bearer error="invalid_token"';
  const encoded = Buffer.from(JSON.stringify(claims)).toString('base64');
  return `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${encoded}"`;
}
