/**
 * What a refusal by Entra means for the person. Decided on OAuth's `error`, never on AADSTS numbers in its text
 * ("apps that take a dependency on text or error code numbers will be broken over time").
 */
import type { OAuthRefusal } from './entra-network.ts';

export const failureClasses = ['sign_in_again', 'interaction', 'blocked', 'transient', 'operator'] as const;
export type FailureClass = (typeof failureClasses)[number];

const byError = new Map<string, FailureClass>([
  ['invalid_grant', 'sign_in_again'],
  ['bad_token', 'sign_in_again'],
  ['interaction_required', 'interaction'],
  ['login_required', 'interaction'],
  ['consent_required', 'interaction'],
  ['mfa_required', 'interaction'],
  ['access_denied', 'blocked'],
  ['temporarily_unavailable', 'transient'],
  ['server_error', 'transient'],
  ['invalid_client', 'operator'],
  ['unauthorized_client', 'operator'],
  ['invalid_request', 'operator'],
  ['invalid_scope', 'operator'],
  ['invalid_resource', 'operator'],
  ['unsupported_grant_type', 'operator'],
]);

export function classOf({ status, error }: OAuthRefusal): FailureClass {
  if (status === 429 || status >= 500) return 'transient';
  return byError.get(error) ?? 'sign_in_again';
}

export class EntraFailure extends Error {
  constructor(
    readonly failureClass: FailureClass,
    readonly refusal: OAuthRefusal | null,
    options?: ErrorOptions,
  ) {
    super(`Entra refused: ${refusal ? `${refusal.status} ${refusal.error}` : 'no answer'}`, options);
    this.name = 'EntraFailure';
  }
}
