/**
 * Addresses that public open-redirect lists use to leave a site: every way in, with every spelling of a foreign host,
 * with every way to hide its end. The oracle is never the text but where a browser would go.
 */
// prettier-ignore
const waysIn = [
  '', '/', '//', '///', '////', '/////', '\\', '\\\\', '/\\', '\\/', '/\\/', '//\\', '\\/\\/',
  '/%09/', '/%5c', '/%5c%5c', '/%2f', '/%2f%2f', '/%2f%5c', '/%0d%0a/', '/%00/',
  '/.', '/./', '/.//', '/..//', '/x/..//', '/x/../\\', '/%2e//', '/%2e%2e//', '/%2e%2e%2f/',
  '/;/', '/@', '/:@', '/?@', '/#@', '?', '#', '@', ':', '.', ' //', '\u00a0//', '\ufeff//', '\u2028//', '\u3000//',
  'https:', 'https:/', 'https://', 'https:///', 'HTTPS://', 'http://', 'ftp://', 'ws://', '/https:/', '/https://',
  '//https://', 'https:\\\\', 'javascript:', 'javascript://', 'JaVaScRiPt:', '/javascript:', '//javascript:',
  'java%0d%0ascript:', 'vbscript:', 'blob:https://', 'file://', 'about:', 'view-source:https://',
  'data:text/html,', 'data:text/html;base64,PHNjcmlwdD4=//',
];
// prettier-ignore
const hosts = [
  'evil.example', 'www.evil.example:443', 'OURS@evil.example', 'OURS:443@evil.example', 'OURS%40evil.example',
  'OURS.evil.example', 'OURS%00.evil.example', 'OURS\\@evil.example', 'evil\u3002example', 'evil%E3%80%82example',
  'evil\uff0eexample', '\u24d4vil.example', '[::ffff:7f00:1]', '2130706433', 'alert(1)//',
];
// prettier-ignore
const endings = ['', '/', '//', '/%2f..', '/..', '/%2e%2e%2f', '#', '?', '?/', '#//OURS', '\\@OURS', '/%E2%80%AE'];

/** `OURS` is replaced by the host that the attacker wants to be taken for. */
export const hostileRedirects = (ourHost: string): string[] =>
  waysIn.flatMap((way) =>
    hosts.flatMap((host) => endings.map((ending) => (way + host + ending).replaceAll('OURS', ourHost))),
  );

/** Characters that browsers strip or fold, which a query parameter may still smuggle into the middle. */
export const strippedByBrowsers = ['\t', '\n', '\r', '\r\n', '\0', '\u001f', '\u007f'].flatMap((odd) => [
  `/${odd}/evil.example`,
  `${odd}//evil.example`,
  `/${odd}\\evil.example`,
  `java${odd}script:alert(1)`,
  `/chat${odd}Set-Cookie: entrada_session=evil`,
]);

/** Where a browser on our login page ends up when it follows this `Location`. */
export const destinationOf = (location: string, ourOrigin: string): URL =>
  new URL(location, `${ourOrigin}/login`);
