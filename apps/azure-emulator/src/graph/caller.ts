import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JWTPayload } from 'jose';
import { identifyCaller, type TokenProblem } from '../bearer.ts';
import { challengeHeader, claimsChallenge } from '../claims-challenge.ts';
import type { Cloud } from '../cloud.ts';
import { takeNext } from '../levers.ts';
import type { Person } from '../people.ts';
import { sendGraphError } from './errors.ts';

export interface GraphCaller {
  person: Person;
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

/** Answers by itself and gives null when the caller may not go on. */
export async function requireGraphCaller(
  cloud: Cloud,
  request: FastifyRequest,
  reply: FastifyReply,
  permissions: string[],
): Promise<GraphCaller | null> {
  const caller = await identifyCaller(cloud, request.headers.authorization, AUDIENCE);
  if ('problem' in caller && caller.problem) {
    sendGraphError(reply, 401, 'InvalidAuthenticationToken', PROBLEMS[caller.problem]);
    return null;
  }
  const { person, claims } = caller as { person: Person; claims: JWTPayload };
  Object.assign(request.call, {
    person: person.alias,
    personId: person.id,
    tokenId: claims.uti,
    audience: claims.aud,
  });
  if (refusedByFault(cloud, request, reply, person, claims)) return null;
  const challenge = claimsChallenge(cloud, 'graph', person, claims);
  if (challenge || !person.enabled) {
    reply.header('www-authenticate', challenge ?? 'Bearer error="invalid_token"');
    const message = 'Continuous access evaluation resulted in challenge with result: InteractionRequired.';
    sendGraphError(reply, 401, 'InvalidAuthenticationToken', message);
    return null;
  }
  const scopes = String(claims.scp ?? '').split(' ');
  if (!scopes.some((scope) => permissions.includes(scope))) {
    sendGraphError(
      reply,
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    );
    return null;
  }
  return { person, scopes };
}

function refusedByFault(
  cloud: Cloud,
  request: FastifyRequest,
  reply: FastifyReply,
  person: Person,
  token: JWTPayload,
): boolean {
  const fault = takeNext(
    cloud.levers.faults.graph,
    (candidate) =>
      cloud.directory.isPerson(person, candidate.person) && request.url.includes(candidate.path ?? ''),
  );
  if (!fault) return false;
  if (fault.claims) reply.header('www-authenticate', challengeHeader(token, fault.claims));
  if (fault.retryAfter !== undefined) reply.header('retry-after', fault.retryAfter);
  sendGraphError(reply, fault.status, fault.code, fault.message);
  return true;
}
