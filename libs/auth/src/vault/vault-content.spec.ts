import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sealer } from '#platform';
import { openContent, sealContent, type VaultContent } from './vault-content.ts';

const sealer = new Sealer([{ id: 'k', key: randomBytes(32) }]);
const content: VaultContent = {
  cache: '{"RefreshToken":{"secret":"canary-refresh-token"}}',
  tokens: { scope: { accessToken: 'canary-access-token', expiresAt: new Date('2026-03-01T08:00:00Z') } },
};

/** The whole of what is thrown, causes included. */
const failureOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    const { name, message, stack, cause } = error as Error;
    return JSON.stringify({ name, message, stack, cause: String(cause) });
  }
  throw new Error('it did not fail');
};

describe('what the vault keeps', () => {
  it('comes back as it went in, for its own person', () => {
    expect(openContent(sealer, 'uma', sealContent(sealer, 'uma', content))).toEqual(content);
  });

  it('TOK-01: shows nothing of itself, and is different at every write', () => {
    const [one, two] = [sealContent(sealer, 'uma', content), sealContent(sealer, 'uma', content)];
    expect(one.equals(two)).toBe(false);
    expect(one.toString('latin1')).not.toMatch(/canary|uma|scope/);
  });

  it('TOK-02: does not open for another person, nor for the same name in another table', () => {
    const sealed = sealContent(sealer, 'uma', content);
    expect(failureOf(() => openContent(sealer, 'adele', sealed))).toMatch(/UnsealError/);
    expect(failureOf(() => sealer.open(sealed, 'uma'))).toMatch(/UnsealError/);
  });

  it('TOK-02: does not open with any one bit flipped, nor at any shorter length', () => {
    const sealed = sealContent(sealer, 'uma', content);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => openContent(sealer, 'uma', altered), `bit ${bit}`).toThrow();
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => openContent(sealer, 'uma', sealed.subarray(0, length)), `length ${length}`).toThrow();
    }
  });

  it.each([
    ['no JSON', 'canary, not JSON'],
    ['JSON of another shape', '{"cache":"canary","tokens":{"scope":{"accessToken":"canary"}}}'],
    ['JSON that is cut off', '{"cache":"canary'],
  ])('TOK-02: sealed rightly but %s, fails without a word of it', (_, plaintext) => {
    const sealed = sealer.seal(plaintext, 'token-cache:uma');
    expect(failureOf(() => openContent(sealer, 'uma', sealed))).not.toContain('canary');
  });
});
