import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newSecretToken } from '#platform';
import { cookieAttributes, readTokenCookie, sessionCookieName } from './session-cookie.ts';

const token = newSecretToken();
const other = newSecretToken();
const name = 'entrada_session';

describe('the session cookie', () => {
  it('SES-13: on https has the __Host- prefix, Secure, HttpOnly, Path=/, SameSite=Lax and no Domain', () => {
    expect(sessionCookieName(true)).toBe('__Host-entrada_session');
    expect(cookieAttributes(true)).toEqual({ path: '/', httpOnly: true, secure: true, sameSite: 'lax' });
  });

  it('on http, for a loopback host only, does without the prefix that browsers would refuse there', () => {
    expect(sessionCookieName(false)).toBe(name);
    expect(cookieAttributes(false)).toMatchObject({ httpOnly: true, secure: false, path: '/' });
  });

  it.each([
    ['alone', `${name}=${token}`],
    ['among others', `theme=dark; ${name}=${token}; x=y=z`],
    ['without spaces', `a=b;${name}=${token};c=d`],
    ['beside one whose name ends alike', `not_${name}=${other}; ${name}=${token}`],
    ['beside the https name', `__Host-${name}=${other}; ${name}=${token}`],
  ])('is read %s', (_, header) => {
    expect(readTokenCookie(header, name)).toBe(token);
  });

  it.each<[string, string | undefined]>([
    ['no header', undefined],
    ['an empty header', ''],
    ['another name', `other=${token}`],
    ['another case', `Entrada_Session=${token}`],
    ['twice', `${name}=${token}; ${name}=${other}`],
    ['twice the same', `${name}=${token}; ${name}=${token}`],
    ['once empty, once not', `${name}=; ${name}=${token}`],
    ['empty', `${name}=`],
    ['without value', name],
    ['too short', `${name}=${token.slice(1)}`],
    ['too long', `${name}=${token}A`],
    ['quoted', `${name}="${token}"`],
    ['percent-encoded', `${name}=${encodeURIComponent(`${token.slice(0, 42)}=`)}`],
    ['with a line break', `${name}=${token}\n`.replace('\n', '\u0085')],
    ['8 KB', `${name}=${'A'.repeat(8192)}`],
    ['8 KB of other cookies and none of ours', 'a=b; '.repeat(1640)],
    ['a prototype', `${name}=__proto__`],
    ['a comma-joined pair', `${name}=${token},${name}=${other}`],
  ])('SES-16: %s counts as none', (_, header) => {
    expect(readTokenCookie(header, name)).toBeNull();
  });

  it('SES-16: no header whatever throws, and only a token’s shape comes out (2000 cases)', () => {
    const pieces = constantFrom(name, token, other, '=', ';', ' ', ',', '"', '\t', '\0');
    const headers = oneof(
      string({ unit: 'binary', maxLength: 200 }),
      array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    const rule = property(headers, (header) => /^([\w-]{43})?$/.test(readTokenCookie(header, name) ?? ''));
    expect(() => assert(rule, { numRuns: 2000 })).not.toThrow();
  });
});
