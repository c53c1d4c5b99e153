import type { IncomingMessage } from 'node:http';
import { userAgentOf } from '#platform';
import { browserCookieName, readTokenCookie, sessionCookieName } from '../sessions/session-cookie.ts';
import type { Credential } from './authenticator.ts';

/**
 * What the headers of a request or of a socket's handshake present. Of two Authorization lines Node would keep the first
 * and a proxy before us perhaps the other: together they are no credential.
 */
export const credentialOf = (
  { headers, headersDistinct }: Pick<IncomingMessage, 'headers' | 'headersDistinct'>,
  isHttps: boolean,
): Credential => ({
  token: readTokenCookie(headers.cookie, sessionCookieName(isHttps)),
  browser: readTokenCookie(headers.cookie, browserCookieName(isHttps)),
  userAgent: userAgentOf(headers),
  authorization: headersDistinct.authorization?.join(', '),
});
