import type { IncomingHttpHeaders } from 'node:http';
import { browserCookieName, readTokenCookie, sessionCookieName } from '../sessions/session-cookie.ts';
import type { Credential } from './authenticator.ts';

/** What the headers of a request or of a socket's handshake present. */
export const credentialOf = (headers: IncomingHttpHeaders, isHttps: boolean): Credential => ({
  token: readTokenCookie(headers.cookie, sessionCookieName(isHttps)),
  browser: readTokenCookie(headers.cookie, browserCookieName(isHttps)),
  userAgent: headers['user-agent'] ?? null,
  authorization: headers.authorization,
});
