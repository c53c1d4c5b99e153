import { describe, expect, it } from 'vitest';
import { classOf, EntraFailure, type FailureClass } from './entra-failure.ts';

const refusal = (error: string, status = 400) => ({ status, error });

describe('what a refusal by Entra means', () => {
  it.each<[string, FailureClass]>([
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
    ['an_error_of_next_year', 'sign_in_again'],
    ['__proto__', 'sign_in_again'],
    ['constructor', 'sign_in_again'],
  ])('%s is %s', (error, failureClass) => {
    expect(classOf(refusal(error))).toBe(failureClass);
  });

  it.each([429, 500, 502, 503, 504])('F7: status %i is transient, whatever the error says', (status) => {
    expect(classOf(refusal('invalid_grant', status))).toBe('transient');
  });

  it('keeps the claims challenge out of its message', () => {
    const { message } = new EntraFailure('interaction', {
      ...refusal('interaction_required'),
      claims: 'canary',
    });
    expect(message).toBe('Entra refused: 400 interaction_required');
    expect(new EntraFailure('transient', null).message).toBe('Entra refused: no answer');
  });
});
