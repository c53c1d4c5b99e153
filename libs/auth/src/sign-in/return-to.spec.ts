import { array, assert, constantFrom, oneof, property, string, webUrl } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  destinationOf,
  hostileRedirects,
  strippedByBrowsers,
} from '../../../../test/support/hostile-redirects.ts';
import { safeReturnTo } from './return-to.ts';

const ours = 'https://chat.example.org';
const hostile = [...hostileRedirects('chat.example.org'), ...strippedByBrowsers];

/** What holds for every answer, whatever was asked for. */
function isSafe(asked: string): boolean {
  const location = safeReturnTo(asked);
  const { origin, pathname } = destinationOf(location, ours);
  const isPlain = /^\/(?![/\\])[\x21-\x7e]*$/.test(location);
  return (
    origin === ours &&
    isPlain &&
    !/^\/api(\/|$)/.test(decodeURIComponent(pathname)) &&
    safeReturnTo(location) === location
  );
}

describe('where to go after sign-in', () => {
  it.each([
    ['/', '/'],
    ['/chat?c=0b1ec700-0000-4000-8000-000000000001', '/chat?c=0b1ec700-0000-4000-8000-000000000001'],
    ['/account/sessions#this', '/account/sessions#this'],
    ['/a/../b', '/b'],
    ['/suche?q=grün', '/suche?q=gr%C3%BCn'],
    ['/x?returnTo=https://evil.example', '/x?returnTo=https://evil.example'],
    ['/apiary', '/apiary'],
  ])('%s leads to %s', (asked, location) => {
    expect(safeReturnTo(asked)).toBe(location);
  });

  it.each([
    undefined,
    null,
    '',
    'chat',
    './chat',
    'https://chat.example.org/chat',
    '//chat.example.org/chat',
  ])('%s is not a path of ours and leads home', (asked) => {
    expect(safeReturnTo(asked)).toBe('/');
  });

  it.each([
    '/api/auth/login',
    '/x/../api/auth/login',
    '/%61pi/auth/login',
    '/api/auth/callback?code=1',
    '/api%2Fauth/login',
    '/./api/auth/login',
    '/api',
  ])('%s would go round in circles and leads home', (asked) => {
    expect(safeReturnTo(asked)).toBe('/');
  });

  it(`RED-01: none of ${hostile.length} hostile addresses leaves our origin`, () => {
    expect(hostile.filter((asked) => !isSafe(asked))).toEqual([]);
  });

  it('RED-01: nor does any other text (10000 cases)', () => {
    // prettier-ignore
    const pieces = constantFrom(
      '/', '\\', '//', '.', '..', '@', ':', '?', '#', '%2f', '%5c', '%09', '%61pi', 'api', 'https:', 'evil.example',
      '\t', '\n', '\u3002', ' ',
    );
    const texts = oneof(
      array(pieces, { maxLength: 10 }).map((parts) => parts.join('')),
      string({ unit: 'binary', maxLength: 60 }),
      webUrl(),
    );
    const rule = property(texts, constantFrom('', '/'), (text, start) => isSafe(start + text));
    expect(() => assert(rule, { numRuns: 10_000 })).not.toThrow();
  });

  it('RED-03: an address of a megabyte is answered like any other', () => {
    expect(isSafe(`/${'a/'.repeat(500_000)}`)).toBe(true);
    expect(isSafe(`//${'a'.repeat(1_000_000)}.example`)).toBe(true);
  });
});
