import { describe, expect, it } from 'vitest';
import { endsSession, problemOf, readProblem, wordsFor } from './problem.ts';

const full = {
  type: 'about:blank',
  title: 'Azure OpenAI is busy',
  status: 429,
  detail: 'Try again after the wait.',
  code: 'model_rate_limited',
  requestId: 'r-1',
  retryAfterSeconds: 12,
};

describe('reading a problem', () => {
  it('keeps a complete problem with its extras', () => {
    expect(readProblem(429, full)).toEqual(full);
  });

  it('keeps the words of a code that only a newer server knows, under the nearest known code', () => {
    const problem = readProblem(409, { ...full, status: 409, code: 'from_the_future' });
    expect(problem).toMatchObject({ code: 'conflict', title: full.title, requestId: 'r-1' });
  });

  it.each([
    [401, 'not_authenticated'],
    [404, 'not_found'],
    [502, 'service_unavailable'],
    [418, 'internal'],
  ])('gives status %i from something that is no problem document the code %s', (status, code) => {
    expect(readProblem(status, '<html>Bad gateway</html>')).toMatchObject({ status, code, requestId: '' });
  });

  it('does not take a code for a code when it is a name from Object.prototype', () => {
    expect(wordsFor('constructor').title).toBe('Sign-in did not work');
  });
});

describe('what ends a session', () => {
  it.each(['not_authenticated', 'session_expired', 'session_revoked', 'account_disabled'] as const)(
    'is %s',
    (code) => {
      expect(endsSession(code)).toBe(true);
    },
  );

  it('is never something that one may not do', () => {
    expect(endsSession('forbidden')).toBe(false);
    expect(endsSession('csrf_failed')).toBe(false);
  });

  it('is not Azure asking for another sign-in', () => {
    expect(endsSession('reauthentication_required')).toBe(false);
    expect(endsSession('model_credential_rejected')).toBe(false);
  });
});

it('takes the words of a code from the table', () => {
  expect(wordsFor('no_role').title).toBe(problemOf('no_role').title);
});
