import type { Call } from '../call-log.ts';
import type { Site } from '../cloud.ts';
import { takeNext } from '../levers.ts';
import { TENANT, type Person } from '../people.ts';
import type { Registration } from '../registrations.ts';
import { readClaimsRequest } from './claims-request.ts';
import { EntraError, refuse } from './errors.ts';
import type { Grant } from './grant.ts';
import { requireOneResource, type AccessRequest, type ScopeRequest } from './scopes.ts';
import { signToken } from './signing.ts';
import { accessTokenClaims, idTokenClaims } from './token-claims.ts';

export interface TokenOrder {
  site: Site;
  call: Call;
  registration: Registration;
  grantType: string;
  grant: Grant;
  scopes: ScopeRequest;
  nonce?: string | undefined;
  parameters: Record<string, string | undefined>;
}

/** The last steps of every grant: is this person still welcome, and what do they get. */
export async function answerWithTokens(order: TokenOrder) {
  const { site, call, grant, scopes } = order;
  const access = requireOneResource(scopes);
  const person = requirePerson(order);
  Object.assign(call, { person: person.alias, personId: person.id, resource: access.resource.audience });
  refuseByFault(order, person, access);
  requireGoodStanding(order, person);
  requireContext(order, person, access);

  const { handlesChallenges } = readClaimsRequest(order.parameters.claims);
  const subject = { person, registration: order.registration, grant, handlesChallenges };
  const draft = { person, grantType: order.grantType };
  const claims = accessTokenClaims(site, subject, access);
  Object.assign(call, { tokenId: claims.uti, audience: claims.aud });
  const seconds = site.cloud.levers.tokens.accessSeconds;
  const signIdToken = () =>
    signToken(site.cloud, 'idTokens', { ...draft, claims: idTokenClaims(site, subject, order.nonce) });

  return {
    token_type: 'Bearer',
    scope: access.echo.join(' '),
    expires_in: seconds,
    ext_expires_in: seconds,
    access_token: await signToken(site.cloud, 'accessTokens', { ...draft, claims }),
    ...(scopes.oidc.includes('offline_access') && { refresh_token: await sealRefreshToken(order) }),
    ...(scopes.oidc.includes('openid') && { id_token: await signIdToken() }),
    ...(order.parameters.client_info === '1' && { client_info: clientInfo(person) }),
  };
}

export function clientInfo(person: Person): string {
  return Buffer.from(JSON.stringify({ uid: person.id, utid: TENANT.id })).toString('base64url');
}

function sealRefreshToken({ site, grant }: TokenOrder): Promise<string> {
  const { seal, levers } = site.cloud;
  return seal.close('refresh-token', { ...grant }, levers.tokens.refreshSeconds);
}

function requirePerson({ site, grant }: TokenOrder): Person {
  const person = site.cloud.directory.find(grant.personId);
  if (!person) throw refuse('accountUnknown', grant.personId);
  return person;
}

function refuseByFault({ site, grantType }: TokenOrder, person: Person, access: AccessRequest): void {
  const { directory, levers } = site.cloud;
  const fault = takeNext(
    levers.faults.token,
    (candidate) =>
      directory.isPerson(person, candidate.person) &&
      (!candidate.grant || candidate.grant === grantType) &&
      access.resource.audience.includes(candidate.resource ?? ''),
  );
  if (fault) throw new EntraError(fault);
}

function requireGoodStanding({ site, grant }: TokenOrder, person: Person): void {
  if (!person.enabled) throw refuse('accountDisabled');
  if (site.cloud.directory.isRevoked(person, grant.grantedAt)) throw refuse('grantRevoked');
}

/** Conditional Access: without the authentication context there is no token, but word of which claims to ask for. */
function requireContext(
  { site, grant, parameters }: TokenOrder,
  person: Person,
  access: AccessRequest,
): void {
  const { directory, levers } = site.cloud;
  const demanded = levers.conditionalAccess
    .filter(
      (rule) =>
        rule.at === 'token' &&
        directory.isPerson(person, rule.person) &&
        access.resource.audience.includes(rule.resource ?? ''),
    )
    .map((rule) => rule.context);
  const contexts = [...demanded, ...readClaimsRequest(parameters.claims).contexts];
  const missing = contexts.find((context) => !grant.contexts.includes(context));
  if (missing) throw refuse('secondStepRequired', access.resource.name, contextClaims(missing));
}

export function contextClaims(context: string) {
  return { access_token: { acrs: { essential: true, value: context } } };
}
