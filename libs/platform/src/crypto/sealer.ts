/**
 * Sealing of secrets at rest: AES-256-GCM, a fresh 96-bit nonce for each write, the owner as associated data, so that a
 * row copied to another owner does not open. The first key seals, every key opens.
 *
 * Layout: version (1 byte) · key id length (1) · key id · nonce (12) · tag (16) · ciphertext.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

export interface EncryptionKey {
  id: string;
  key: Buffer;
}

export class UnsealError extends Error {
  constructor() {
    super('A sealed value could not be opened: altered, of another owner, or its key is missing');
    this.name = 'UnsealError';
  }
}

@Injectable()
export class Sealer {
  constructor(private readonly keys: readonly [EncryptionKey, ...EncryptionKey[]]) {}

  /** In the order of the configuration: the first seals. */
  get keyIds(): string[] {
    return this.keys.map(({ id }) => id);
  }

  /** With what every value begins that this key has sealed. */
  headerOf(keyId: string): Buffer {
    const id = Buffer.from(keyId);
    return Buffer.concat([Buffer.from([version, id.length]), id]);
  }

  seal(plaintext: string, owner: string): Buffer {
    const { id, key } = this.keys[0];
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([this.headerOf(id), nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** Throws UnsealError, which never tells why: an oracle is worth more to an attacker than to us. */
  open(sealed: Buffer, owner: string): string {
    try {
      if (sealed[0] !== version) throw new UnsealError();
      const keyEnd = 2 + (sealed[1] ?? 0);
      const nonceEnd = keyEnd + nonceBytes;
      const tagEnd = nonceEnd + tagBytes;
      const entry = this.keys.find(({ id }) => id === sealed.toString('utf8', 2, keyEnd));
      if (!entry || sealed.length < tagEnd) throw new UnsealError();
      const decipher = createDecipheriv('aes-256-gcm', entry.key, sealed.subarray(keyEnd, nonceEnd))
        .setAAD(Buffer.from(owner))
        .setAuthTag(sealed.subarray(nonceEnd, tagEnd));
      return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString('utf8');
    } catch {
      throw new UnsealError();
    }
  }
}
