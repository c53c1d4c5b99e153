import type { SignInMethod } from '#contracts';

/**
 * Where to go after signing in: a path of this origin, or `/`. Anything that a browser could read as another
 * origin (`//host`, `/\host`, control characters it would drop) is refused, as is the sign-in page itself.
 */
export function toReturnPath(value: string | null | undefined, origin = 'https://here.invalid'): string {
  if (!value?.startsWith('/') || /[\\\s\p{Cc}]/u.test(value)) return '/';
  let url: URL;
  try {
    url = new URL(value, origin);
  } catch {
    return '/';
  }
  if (url.origin !== new URL(origin).origin || url.pathname.startsWith('//')) return '/';
  if (/^\/(login|api)(\/|\.|$)/.test(url.pathname)) return '/';
  return url.pathname + url.search + url.hash;
}

export function signInPath(returnTo: string, ended?: string): string {
  const query = new URLSearchParams();
  if (returnTo !== '/') query.set('returnTo', returnTo);
  if (ended !== undefined) query.set('ended', ended);
  return query.size === 0 ? '/login' : `/login?${query}`;
}

const confirming = {
  'step-up': { flag: 'stepUp', code: 'step_up_required' },
  azure: { flag: 'confirm', code: 'reauthentication_required' },
} as const;

/** Straight to Microsoft for those who came that way; a device code needs our sign-in page. */
export function confirmPath(why: keyof typeof confirming, returnTo: string, method: SignInMethod): string {
  const { flag, code } = confirming[why];
  return method === 'authorization_code'
    ? `/api/auth/login?${new URLSearchParams({ [flag]: 'true', returnTo })}`
    : signInPath(returnTo, code);
}

/** The page one is on, as a return path. */
export function currentPath(): string {
  return toReturnPath(window.location.pathname + window.location.search, window.location.origin);
}
