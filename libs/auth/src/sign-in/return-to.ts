const home = '/';
/** Any origin will do: it only shows whether the address leaves it. */
const base = 'https://entrada.invalid';

/**
 * Where to go after sign-in: a page of our own, else home. The address is resolved as a browser would resolve it
 * (`//host`, `/\host`, tabs and control characters included), because that is who follows it; and decoded as the router
 * would decode it, because an address under `/api` would go round in circles or do something.
 */
export function safeReturnTo(returnTo: string | null | undefined): string {
  if (!returnTo?.startsWith('/') || !URL.canParse(returnTo, base)) return home;
  const { origin, pathname, search, hash } = new URL(returnTo, base);
  return origin === base && !pathname.startsWith('//') && isPage(pathname) ? pathname + search + hash : home;
}

function isPage(path: string): boolean {
  try {
    return !/^\/api(\/|$)/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}
