import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { DataFolder } from './data-folder.ts';

export interface SigningKey {
  kid: string;
  privateKey: webcrypto.CryptoKey;
  publicKey: webcrypto.CryptoKey;
  published: JWK;
}

interface StoredKey {
  private: JWK;
  public: JWK;
}

/** Entra's signing keys: the first signs, all of them are published, and rotation may happen at any moment. */
export class SigningKeys {
  private readonly folder: DataFolder;
  private keys: SigningKey[] = [];

  private constructor(folder: DataFolder) {
    this.folder = folder;
  }

  static async load(folder: DataFolder): Promise<SigningKeys> {
    const signingKeys = new SigningKeys(folder);
    const stored = JSON.parse(folder.read('signing-keys.json') ?? '[]') as StoredKey[];
    signingKeys.keys = await Promise.all(stored.map(toSigningKey));
    if (stored.length === 0) await signingKeys.rotate({ keepOld: false });
    return signingKeys;
  }

  get current(): SigningKey {
    return this.keys[0]!;
  }

  get published(): JWK[] {
    return this.keys.map((key) => key.published);
  }

  find(kid: string | undefined): SigningKey | undefined {
    return this.keys.find((key) => key.kid === kid);
  }

  async rotate({ keepOld }: { keepOld: boolean }): Promise<void> {
    const fresh = await toSigningKey(await createKey());
    this.keys = keepOld ? [fresh, ...this.keys] : [fresh];
    const stored = await Promise.all(this.keys.map(toStored));
    this.folder.writeSecret('signing-keys.json', JSON.stringify(stored, null, 2));
  }
}

export async function createKey(): Promise<StoredKey> {
  const keys = await generateKeyPair('RS256', { extractable: true });
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=accounts.accesscontrol.windows.net',
      notBefore: new Date(),
      notAfter: new Date(Date.now() + 5 * 365 * 86_400_000),
      keys: keys as webcrypto.CryptoKeyPair,
      signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    },
    webcrypto,
  );
  const thumbprint = await certificate.getThumbprint('SHA-1', webcrypto);
  const kid = Buffer.from(thumbprint).toString('base64url');
  const x5c = [Buffer.from(certificate.rawData).toString('base64')];
  return {
    private: await exportJWK(keys.privateKey),
    public: { ...(await exportJWK(keys.publicKey)), kid, x5t: kid, x5c, use: 'sig' },
  };
}

export async function toSigningKey(stored: StoredKey): Promise<SigningKey> {
  return {
    kid: stored.public.kid!,
    privateKey: (await importJWK(stored.private, 'RS256', { extractable: true })) as webcrypto.CryptoKey,
    publicKey: (await importJWK(stored.public, 'RS256', { extractable: true })) as webcrypto.CryptoKey,
    published: stored.public,
  };
}

async function toStored(key: SigningKey): Promise<StoredKey> {
  return { private: await exportJWK(key.privateKey), public: key.published };
}
