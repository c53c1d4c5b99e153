import { describe, expect, it } from 'vitest';
import { isCsrfTokenRight, isFromOurPage, isWrite, type WriteRequest } from './request-trust.ts';

const ours = 'https://chat.example.org';

describe('a request of our own page', () => {
  it.each<[string, WriteRequest]>([
    ['our origin', { origin: ours }],
    ['our origin, said twice', { origin: ours, fetchSite: 'same-origin' }],
    ['our origin, whatever the referer', { origin: ours, referer: 'https://evil.example/' }],
    ['our referer where no origin is sent', { referer: `${ours}/chat?c=1` }],
    ['a script that says nothing: its CSRF token decides', {}],
  ])('%s', (_, request) => {
    expect(isFromOurPage(request, ours)).toBe(true);
  });

  it.each<[string, WriteRequest]>([
    ['SES-20: a foreign origin', { origin: 'https://evil.example' }],
    ['SES-20: a foreign origin with our referer', { origin: 'https://evil.example', referer: `${ours}/` }],
    ['SES-20: the opaque origin', { origin: 'null' }],
    ['SES-20: an empty origin', { origin: '' }],
    ['SES-20: no origin and a foreign referer', { referer: 'https://evil.example/' }],
    ['SES-20: no origin and a referer that is no address', { referer: 'about:blank#' }],
    ['SES-20: no origin and an empty referer', { referer: '' }],
    ['SES-20: another site, by its own word', { origin: ours, fetchSite: 'cross-site' }],
    ['SES-20: a sibling site', { origin: ours, fetchSite: 'same-site' }],
    ['SES-20: an address typed by hand does not write', { origin: ours, fetchSite: 'none' }],
    ['SES-20: a word nobody knows', { origin: ours, fetchSite: 'SAME-ORIGIN' }],
    ['SES-22: our name in front', { origin: 'https://chat.example.org.evil.example' }],
    ['SES-22: our name behind', { origin: 'https://evilchat.example.org' }],
    ['SES-22: a subdomain', { origin: 'https://a.chat.example.org' }],
    ['SES-22: the parent domain', { origin: 'https://example.org' }],
    ['SES-22: http', { origin: 'http://chat.example.org' }],
    ['SES-22: another port', { origin: 'https://chat.example.org:8443' }],
    ['SES-22: our name as user', { origin: 'https://chat.example.org@evil.example' }],
    ['SES-22: a trailing dot', { origin: 'https://chat.example.org.' }],
    ['SES-22: a path', { origin: 'https://chat.example.org/' }],
    ['SES-22: two origins', { origin: `${ours}, https://evil.example` }],
    ['SES-22: our name as path of a referer', { referer: 'https://evil.example/https://chat.example.org' }],
    ['SES-22: our name as user in a referer', { referer: 'https://chat.example.org@evil.example/' }],
    ['SES-22: a homoglyph', { origin: 'https://ch\u0430t.example.org' }],
  ])('is not one with %s', (_, request) => {
    expect(isFromOurPage(request, ours)).toBe(false);
  });

  it('compares origins as browsers write them: without the default port', () => {
    expect(isFromOurPage({ origin: ours }, 'https://chat.example.org:443')).toBe(true);
    expect(isFromOurPage({ origin: 'http://localhost:3000' }, 'http://localhost:3000')).toBe(true);
    expect(isFromOurPage({ origin: 'http://localhost:3001' }, 'http://localhost:3000')).toBe(false);
  });
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'SEARCH', 'PROPFIND', 'get'])(
  '%s counts as a write',
  (method) => {
    expect(isWrite(method)).toBe(true);
  },
);

it.each<[string | undefined, boolean]>([
  ['the-token', true],
  [undefined, false],
  ['', false],
  ['the-token ', false],
  ['THE-TOKEN', false],
  ['the-toke', false],
])('the CSRF token %j is right: %s', (sent, isRight) => {
  expect(isCsrfTokenRight(sent, 'the-token')).toBe(isRight);
});
