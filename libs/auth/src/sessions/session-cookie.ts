/** The session's cookie: the only place where its token exists outside our memory. */
import type { CookieSerializeOptions } from '@fastify/cookie';

const tokenShape = /^[A-Za-z0-9_-]{43}$/;

/** `__Host-` makes the browser insist on Secure, Path=/ and no Domain. It needs https. */
const cookieName = (name: string, isHttps: boolean): string => (isHttps ? `__Host-${name}` : name);
export const sessionCookieName = (isHttps: boolean): string => cookieName('entrada_session', isHttps);
export const browserCookieName = (isHttps: boolean): string => cookieName('entrada_browser', isHttps);

export const cookieAttributes = (isHttps: boolean): CookieSerializeOptions => ({
  path: '/',
  httpOnly: true,
  secure: isHttps,
  // Not strict: the way back from Entra is a navigation from another site.
  sameSite: 'lax',
});

/** Exactly one cookie of that name with a token's shape; anything else (none, several, garbage) counts as none. */
export function readTokenCookie(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && tokenShape.test(value) ? value : null;
}
