import type { FastifyRequest } from 'fastify';
import type { JWTPayload } from 'jose';
import { identifyCaller, type TokenProblem } from '../bearer.ts';
import { challengeHeader, claimsChallenge } from '../claims-challenge.ts';
import type { Cloud } from '../cloud.ts';
import { takeNext } from '../levers.ts';
import type { Person } from '../people.ts';
import { GraphError } from './errors.ts';

export interface GraphCaller {
  person: Person;
  claims: JWTPayload;
  scopes: string[];
}

const AUDIENCE = 'https://graph.microsoft.com';

const PROBLEMS: Record<TokenProblem, string> = {
  missing: 'Access token is empty.',
  malformed: 'IDX14100: JWT is not well formed.',
  signature: 'Access token validation failure. Signature is invalid.',
  expired: 'Lifetime validation failed, the token is expired.',
  audience: 'Access token validation failure. Invalid audience.',
  person: 'The identity of the calling application could not be established.',
};

/** The person behind the token, if it is good and carries one of these permissions. */
export async function requireCaller(
  cloud: Cloud,
  request: FastifyRequest,
  permissions: string[],
): Promise<GraphCaller> {
  const caller = await identifyCaller(cloud, request.headers.authorization, AUDIENCE);
  if (!('person' in caller)) throw unauthorized(PROBLEMS[caller.problem]);
  const { person, claims } = caller;
  const { uti: tokenId, aud: audience } = claims;
  Object.assign(request.call, { person: person.alias, personId: person.id, tokenId, audience });
  refuseByFault(cloud, request, person, claims);
  refuseUntrusted(cloud, person, claims);
  const scopes = String(claims.scp ?? '').split(' ');
  if (!scopes.some((scope) => permissions.includes(scope))) {
    const message = 'Insufficient privileges to complete the operation.';
    throw new GraphError(403, 'Authorization_RequestDenied', message);
  }
  return { person, claims, scopes };
}

function refuseByFault(cloud: Cloud, request: FastifyRequest, person: Person, token: JWTPayload): void {
  const { directory, levers } = cloud;
  const fault = takeNext(
    levers.faults.graph,
    (candidate) => directory.isPerson(person, candidate.person) && request.url.includes(candidate.path ?? ''),
  );
  if (!fault) return;
  throw new GraphError(fault.status, fault.code, fault.message, {
    ...(fault.retryAfter !== undefined && { 'retry-after': String(fault.retryAfter) }),
    ...(fault.claims && { 'www-authenticate': challengeHeader(token, fault.claims) }),
  });
}

/** Continuous access evaluation: a disabled account is out at once, whatever its token says. */
function refuseUntrusted(cloud: Cloud, person: Person, token: JWTPayload): void {
  const challenge = claimsChallenge(cloud, 'graph', person, token);
  if (person.enabled && !challenge) return;
  const message = 'Continuous access evaluation resulted in challenge with result: InteractionRequired.';
  throw unauthorized(message, challenge ?? 'Bearer error="invalid_token"');
}

function unauthorized(message: string, challenge = 'Bearer'): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message, { 'www-authenticate': challenge });
}
