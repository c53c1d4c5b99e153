import { createHash } from 'node:crypto';
import type { Call } from '../call-log.ts';
import type { Site } from '../cloud.ts';
import { verifyToken } from '../bearer.ts';
import type { Client, Parameters } from './client-authentication.ts';
import { EntraError, refuse } from './errors.ts';
import type { Grant } from './grant.ts';
import { readScopes, requireOneResource, type ScopeRequest } from './scopes.ts';
import { signToken } from './signing.ts';
import { answerWithTokens } from './token-answer.ts';
import { appTokenClaims } from './token-claims.ts';

interface TokenCall {
  site: Site;
  call: Call;
  client: Client;
  parameters: Parameters;
}

type GrantHandler = (call: TokenCall) => Promise<object>;

/** Every way to a token, under the `grant_type` that asks for it. */
export const GRANTS: Record<string, GrantHandler> = {
  authorization_code: redeemCode,
  refresh_token: redeemRefreshToken,
  device_code: redeemDeviceCode,
  'urn:ietf:params:oauth:grant-type:device_code': redeemDeviceCode,
  'urn:ietf:params:oauth:grant-type:jwt-bearer': exchangeOnBehalfOf,
  client_credentials: issueToApp,
};

async function redeemCode(token: TokenCall) {
  const { site, client, parameters } = token;
  const code = site.cloud.codes.find(parameters.code);
  if (!code) throw refuse('codeInvalid');
  if (code.grant.clientId !== client.registration.clientId) throw refuse('codeForOtherClient');
  requireOwnCredential(client, client.registration.secrets.length > 0);
  if (code.redirectUri !== parameters.redirect_uri) throw refuse('redirectUriChanged');
  if (code.redeemed) throw refuse('codeRedeemed');
  if (code.expiresAt <= Date.now()) throw refuse('codeExpired');
  if (code.challenge && code.challenge !== s256(parameters.code_verifier)) throw refuse('verifierMismatch');
  code.redeemed = true;
  const grant = { ...code.grant, confidential: client.authenticated };
  return unlessTransient(
    () => answer(token, 'authorization_code', grant, readRequested(token, grant), code.nonce),
    () => (code.redeemed = false),
  );
}

async function redeemRefreshToken(token: TokenCall) {
  const { site, client, parameters } = token;
  const grant = await site.cloud.seal.open<Grant>('refresh-token', parameters.refresh_token ?? '');
  if (!grant) throw refuse('refreshTokenInvalid');
  if (grant.clientId !== client.registration.clientId) throw refuse('refreshTokenForOtherClient');
  requireOwnCredential(client, grant.confidential);
  if (grant.expired) throw refuse('refreshTokenExpired');
  if (site.cloud.spentRefreshTokens.has(parameters.refresh_token ?? '')) throw refuse('refreshTokenSpent');
  const scopes = readRequested(token, grant);
  // Entra gives a new refresh token at every use; the old one goes on working.
  const oidc = [...new Set([...scopes.oidc, 'offline_access'])];
  const answered = await answer(token, 'refresh_token', grant, { ...scopes, oidc });
  if (site.cloud.levers.tokens.refreshTokensOnce) spend(token);
  return answered;
}

async function redeemDeviceCode(token: TokenCall) {
  const { site, client, parameters } = token;
  const request = site.cloud.devices.find(parameters.device_code ?? parameters.code);
  if (!request || request.clientId !== client.registration.clientId) throw refuse('deviceUnknown');
  if (request.state === 'redeemed') throw refuse('deviceRedeemed');
  if (request.expiresAt <= Date.now()) throw refuse('deviceExpired');
  if (request.state === 'declined') throw refuse('deviceDeclined');
  // A tenth is forgiven: two polls that left on time may arrive closer together.
  const earliest = (request.lastPolledAt ?? 0) + request.intervalSeconds * 900;
  request.lastPolledAt = Date.now();
  if (request.lastPolledAt < earliest) {
    request.intervalSeconds += 5;
    throw refuse('deviceTooFast');
  }
  if (!request.grant) throw refuse('devicePending');
  const { grant } = request;
  request.state = 'redeemed';
  return unlessTransient(
    () => answer(token, 'device_code', grant, readRequested(token, grant)),
    () => (request.state = 'approved'),
  );
}

/** A refusal that passes uses nothing up: whoever comes back with the same code gets their tokens. */
async function unlessTransient(redeem: () => Promise<object>, giveBack: () => void): Promise<object> {
  try {
    return await redeem();
  } catch (error) {
    if (error instanceof EntraError && (error.status === 429 || error.status >= 500)) giveBack();
    throw error;
  }
}

/** Of two that come at once with the same, the first to be answered is the one. */
function spend({ site, parameters }: TokenCall): void {
  const { spentRefreshTokens } = site.cloud;
  const value = parameters.refresh_token ?? '';
  if (spentRefreshTokens.has(value)) throw refuse('refreshTokenSpent');
  spentRefreshTokens.add(value);
}

async function exchangeOnBehalfOf(token: TokenCall) {
  const { site, client, parameters } = token;
  requireOwnCredential(client, true);
  if (parameters.requested_token_use !== 'on_behalf_of') throw refuse('grantUnsupported', 'jwt-bearer');
  const verdict = await verifyToken(site.cloud, parameters.assertion ?? '');
  if (!verdict.claims) throw refuse('onBehalfOfInvalid', verdict.problem);
  const { oid, aud, sid } = verdict.claims as { oid: string; aud: string; sid: string };
  const { clientId } = client.registration;
  if (![clientId, `api://${clientId}`].includes(aud)) throw refuse('onBehalfOfAudience', aud);
  const scope = parameters.scope ?? '';
  const grant: Grant = {
    personId: oid,
    clientId,
    sessionId: sid,
    grantedAt: Date.now(),
    scope,
    methods: ['pwd'],
    contexts: (verdict.claims.acrs as string[] | undefined) ?? [],
    confidential: true,
  };
  return answer(token, 'on_behalf_of', grant, readRequested(token, grant));
}

/** The app as itself: no person, so no ID token and no refresh. */
async function issueToApp(token: TokenCall) {
  const { site, call, client, parameters } = token;
  requireOwnCredential(client, true);
  const access = requireOneResource(readScopes(site.cloud, client.registration, parameters.scope));
  const claims = appTokenClaims(site, client.registration, access);
  Object.assign(call, { tokenId: claims.uti, audience: claims.aud, resource: claims.aud });
  const draft = { claims, person: undefined, grantType: 'client_credentials' };
  const seconds = site.cloud.levers.tokens.accessSeconds;
  const access_token = await signToken(site.cloud, 'accessTokens', draft);
  return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token };
}

function answer(token: TokenCall, grantType: string, grant: Grant, scopes: ScopeRequest, nonce?: string) {
  const { site, call, client, parameters } = token;
  return answerWithTokens({
    site,
    call,
    registration: client.registration,
    grantType,
    grant,
    scopes,
    nonce,
    parameters,
  });
}

function readRequested({ site, client, parameters }: TokenCall, grant: Grant): ScopeRequest {
  if (parameters.scope) return readScopes(site.cloud, client.registration, parameters.scope);
  // Consent may span several resources, a token never does: without a scope it is for the first.
  const consented = readScopes(site.cloud, client.registration, grant.scope);
  return { ...consented, access: consented.access.slice(0, 1) };
}

function requireOwnCredential(client: Client, needed: boolean): void {
  if (needed && !client.authenticated) throw refuse('secretMissing');
}

function s256(verifier: string | undefined): string {
  return createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url');
}
