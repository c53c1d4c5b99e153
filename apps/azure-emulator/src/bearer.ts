import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Cloud } from './cloud.ts';
import { TENANT, type Person } from './people.ts';

export type TokenProblem = 'missing' | 'malformed' | 'signature' | 'expired' | 'audience' | 'person';

export type Verdict = { claims: JWTPayload; problem?: never } | { claims?: never; problem: TokenProblem };

export type Caller = { claims: JWTPayload; person: Person; problem?: never } | { problem: TokenProblem };

/** How Graph, Resource Manager and Azure OpenAI look at an access token. */
export async function identifyCaller(
  cloud: Cloud,
  authorization: string | undefined,
  audience: string,
): Promise<Caller> {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (!token) return { problem: 'missing' };
  const verdict = await verifyToken(cloud, token);
  if (!verdict.claims) return verdict;
  if (verdict.claims.aud !== audience) return { problem: 'audience' };
  const person = cloud.directory.find(String(verdict.claims.oid));
  return person ? { claims: verdict.claims, person } : { problem: 'person' };
}

export async function verifyToken(cloud: Cloud, token: string): Promise<Verdict> {
  try {
    const key = cloud.signingKeys.find(decodeProtectedHeader(token).kid);
    if (!key) return { problem: 'signature' };
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: ['RS256'],
      currentDate: new Date(cloud.now()),
    });
    return payload.tid === TENANT.id ? { claims: payload } : { problem: 'signature' };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function problemOf(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed)
    return 'expired';
  return error instanceof errors.JWSSignatureVerificationFailed ? 'signature' : 'malformed';
}
