import { describe, expect, it } from 'vitest';
import { confirmPath, signInPath, toReturnPath } from './return-path.ts';

describe('a return path', () => {
  it.each(['/', '/account', '/?c=5b4c1f0e-0000-4000-8000-000000000000', '/a/b?x=1&y=%2F#z'])(
    'keeps %s',
    (path) => {
      expect(toReturnPath(path)).toBe(path);
    },
  );

  it.each([
    undefined,
    null,
    '',
    'account',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/..//evil.example',
    '/./\\evil.example',
    '/.//evil.example',
  ])('turns %j into the start page', (value) => {
    expect(toReturnPath(value)).toBe('/');
  });

  it.each(['/login', '/login?returnTo=/login', '/login/', '/login.html', '/api/auth/login', '/api'])(
    'does not lead back into signing in or to the API: %s',
    (path) => {
      expect(toReturnPath(path)).toBe('/');
    },
  );

  it('keeps what only begins like them', () => {
    expect(toReturnPath('/login-help')).toBe('/login-help');
  });
});

describe('the sign-in path', () => {
  it('is bare for the start page', () => {
    expect(signInPath('/')).toBe('/login');
  });

  it('carries the way back and the reason', () => {
    expect(signInPath('/?c=1', 'session_expired')).toBe('/login?returnTo=%2F%3Fc%3D1&ended=session_expired');
  });
});

describe('the way to confirm who one is', () => {
  it('is Microsoft’s page for who came that way, with the reason as a flag', () => {
    expect(confirmPath('step-up', '/account', 'authorization_code')).toBe(
      '/api/auth/login?stepUp=true&returnTo=%2Faccount',
    );
    expect(confirmPath('azure', '/?c=1', 'authorization_code')).toBe(
      '/api/auth/login?confirm=true&returnTo=%2F%3Fc%3D1',
    );
  });
  it.each(['device_code', 'azure_cli'] as const)(
    'is our sign-in page, with the reason, after %s',
    (method) => {
      expect(confirmPath('step-up', '/account', method)).toBe(
        '/login?returnTo=%2Faccount&ended=step_up_required',
      );
    },
  );
});
