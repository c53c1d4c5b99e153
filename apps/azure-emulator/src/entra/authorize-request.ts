import type { Cloud } from '../cloud.ts';
import type { Registration } from '../registrations.ts';
import { readClaimsRequest, type ClaimsRequest } from './claims-request.ts';
import { requireRegistration, type Parameters } from './client-authentication.ts';
import { refuse } from './errors.ts';
import { readScopes, type ScopeRequest } from './scopes.ts';

/** Where the answer goes. Until it is known to be the app's, a refusal is a page and never a redirect. */
export interface Destination {
  registration: Registration;
  redirectUri: string;
  responseMode: 'query' | 'fragment' | 'form_post';
  state: string | undefined;
}

export interface AuthorizeRequest extends Destination {
  scope: string;
  scopes: ScopeRequest;
  prompt: string | undefined;
  loginHint: string | undefined;
  nonce: string | undefined;
  challenge: string | undefined;
  claims: ClaimsRequest;
  wantsClientInfo: boolean;
}

const PROMPTS = new Set(['login', 'select_account', 'consent', 'none', 'create']);
const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

export function requireDestination(cloud: Cloud, parameters: Parameters): Destination {
  if (!parameters.client_id) throw refuse('clientMissing', 'client_id');
  const registration = requireRegistration(cloud, parameters.client_id);
  const redirectUri = parameters.redirect_uri ?? '';
  if (!registration.redirectUris.includes(redirectUri)) throw refuse('redirectUriMismatch', redirectUri);
  const asked = RESPONSE_MODES.find((mode) => mode === parameters.response_mode);
  return { registration, redirectUri, responseMode: asked ?? 'query', state: parameters.state };
}

export function readAuthorizeRequest(
  cloud: Cloud,
  destination: Destination,
  parameters: Parameters,
): AuthorizeRequest {
  requireKnown(parameters);
  requireS256(parameters);
  return {
    ...destination,
    scope: parameters.scope ?? '',
    scopes: readScopes(cloud, destination.registration, parameters.scope),
    prompt: parameters.prompt,
    loginHint: parameters.login_hint,
    nonce: parameters.nonce,
    challenge: parameters.code_challenge,
    claims: readClaimsRequest(parameters.claims),
    wantsClientInfo: parameters.client_info === '1',
  };
}

function requireKnown({ response_type, response_mode, prompt }: Parameters): void {
  if (response_type !== 'code') throw refuse('responseTypeUnsupported', response_type);
  if (response_mode && !RESPONSE_MODES.some((mode) => mode === response_mode)) {
    throw refuse('responseModeUnsupported', response_mode);
  }
  if (prompt && !PROMPTS.has(prompt)) throw refuse('promptUnsupported', prompt);
}

/** A challenge without a method would mean "plain", which Entra's guidance rules out and the product never sends. */
function requireS256({ code_challenge, code_challenge_method }: Parameters): void {
  if (code_challenge === undefined && code_challenge_method === undefined) return;
  if (code_challenge_method !== 'S256')
    throw refuse('challengeMethodUnsupported', code_challenge_method ?? 'plain');
  if (!S256_CHALLENGE.test(code_challenge ?? '')) throw refuse('challengeMalformed');
}
