import { describe, expect, it } from 'vitest';
import { derivedToken, hashOf, isSameSecret, newSecretToken } from './secret-token.ts';

describe('secret tokens', () => {
  it('SES-01: carry 256 bits that do not repeat, and no structure', () => {
    const tokens = Array.from({ length: 5000 }, newSecretToken);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(
      tokens.every((token) => /^[\w-]{43}$/.test(token) && Buffer.from(token, 'base64url').length === 32),
    ).toBe(true);
    const ones = tokens
      .map((token) => Buffer.from(token, 'base64url'))
      .reduce((sum, bytes) => sum + (bytes[0]! & 1), 0);
    expect(ones).toBeGreaterThan(2200);
    expect(ones).toBeLessThan(2800);
  });

  it('SES-02: the stored hash is no token', () => {
    const token = newSecretToken();
    expect(hashOf(token)).toHaveLength(32);
    expect(hashOf(hashOf(token).toString('base64url')).equals(hashOf(token))).toBe(false);
  });

  it('derive tokens that differ by purpose and by secret, and never show it', () => {
    const [one, two] = [newSecretToken(), newSecretToken()];
    const derived = [derivedToken(one, 'csrf'), derivedToken(one, 'other'), derivedToken(two, 'csrf')];
    expect(new Set([...derived, one, two]).size).toBe(5);
    expect(derivedToken(one, 'csrf')).toBe(derived[0]);
  });

  it.each([
    ['a', 'a', true],
    ['', '', true],
    ['a', 'b', false],
    ['a', 'aa', false],
    ['a', '', false],
    ['\ud800', '\ufffd', true],
  ])('TOK-07: %j and %j are the same secret: %s, whatever their lengths', (one, other, isSame) => {
    expect(isSameSecret(one, other)).toBe(isSame);
  });
});
