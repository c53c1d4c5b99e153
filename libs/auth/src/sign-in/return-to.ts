const home = '/';
/** Any origin will do: it only shows whether the address leaves it. */
const base = 'https://entrada.invalid';

/**
 * Where to go after sign-in: a path of our own, else home. The address is resolved as a browser would resolve it
 * (`//host`, `/\host`, tabs and control characters included), because that is who follows it.
 */
export function safeReturnTo(returnTo: string | null | undefined): string {
  if (!returnTo?.startsWith('/') || !URL.canParse(returnTo, base)) return home;
  const url = new URL(returnTo, base);
  if (url.origin !== base || url.pathname.startsWith('//') || url.pathname.startsWith('/api/')) return home;
  return url.pathname + url.search + url.hash;
}
