import { randomBytes } from 'node:crypto';
import { assert, oneof, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EncryptionKey, Sealer, UnsealError } from './sealer.ts';

const key = (id: string): EncryptionKey => ({ id, key: randomBytes(32) });
const [old, current, next] = [key('2025'), key('2026'), key('2027')];

describe('Sealer', () => {
  it('opens whatever it sealed, for its owner', () => {
    const sealer = new Sealer([current]);
    const rule = property(
      string({ unit: 'grapheme', maxLength: 500 }),
      string(),
      (text, owner) => sealer.open(sealer.seal(text, owner), owner) === text,
    );
    expect(() => assert(rule, { numRuns: 300 })).not.toThrow();
  });

  it('TOK-03: seals with the first key and opens with each, so keys can be rotated without a pause', () => {
    const before = new Sealer([old]).seal('text', 'owner');
    const during = new Sealer([current, old]);
    expect(during.open(before, 'owner')).toBe('text');
    const sealed = during.seal('text', 'owner');
    expect(new Sealer([current]).open(sealed, 'owner')).toBe('text');
    expect(() => new Sealer([old]).open(sealed, 'owner')).toThrow(UnsealError);
    expect(new Sealer([next, current]).open(sealed, 'owner')).toBe('text');
  });

  it('TOK-03: does not open with a key of the same name that is another', () => {
    const sealed = new Sealer([current]).seal('text', 'owner');
    expect(() => new Sealer([key(current.id)]).open(sealed, 'owner')).toThrow(UnsealError);
  });

  it('TOK-01: never uses a nonce twice', () => {
    const sealer = new Sealer([current]);
    const nonces = Array.from({ length: 2000 }, () =>
      sealer.seal('', 'owner').subarray(6, 18).toString('hex'),
    );
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('TOK-02: answers every garbage in the same way', () => {
    const sealer = new Sealer([current]);
    const failures = new Set<string>();
    const garbage = oneof(
      uint8Array({ maxLength: 100 }),
      uint8Array({ maxLength: 60 }).map((rest) =>
        Buffer.concat([Buffer.from([1, 4]), Buffer.from('2026'), rest]),
      ),
    );
    const rule = property(garbage, (bytes) => {
      try {
        sealer.open(Buffer.from(bytes), 'owner');
        return false;
      } catch (error) {
        failures.add(String(error));
        return error instanceof UnsealError && error.cause === undefined;
      }
    });
    expect(() => assert(rule, { numRuns: 2000 })).not.toThrow();
    expect(failures.size).toBe(1);
  });

  it('TOK-02: refuses a tag that was shortened, as GCM by itself would not', () => {
    const sealer = new Sealer([current]);
    const sealed = sealer.seal('text', 'owner');
    const shorter = Buffer.concat([sealed.subarray(0, 22), sealed.subarray(34)]);
    expect(() => sealer.open(shorter, 'owner')).toThrow(UnsealError);
  });
});
