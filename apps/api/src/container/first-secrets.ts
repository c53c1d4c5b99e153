/**
 * The secrets that an installation by containers needs and that nobody has to think of: made once, never overwritten.
 * What the operator gives (the application's secret, keys of their own) is written where the API reads it, so that no
 * container's environment holds it.
 */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** Who reads a folder: the account that the container's process runs as. */
export interface Reader {
  folder: string;
  /** Null: whoever runs this. */
  account: number | null;
}

export interface Readers {
  api: Reader;
  migrations: Reader;
  database: Reader;
  web: Reader;
}

export interface Given {
  publicUrl: string;
  databaseHost: string;
  clientSecret: string | undefined;
  encryptionKeys: string | undefined;
  metricsToken: string | undefined;
}

const database = 'entrada';

/** Returns the names of the files that were written, for the log. */
export async function provideSecrets(readers: Readers, given: Given): Promise<string[]> {
  const store = new SecretStore();
  const url = (role: string, password: string) =>
    `postgres://${role}:${password}@${given.databaseHost}:5432/${database}`;
  const passwords = { owner: randomBytes(24).toString('hex'), api: randomBytes(24).toString('hex') };

  // The four belong together: half of them made anew would lock everybody out of the database.
  if (!store.has(readers.database, 'owner_password')) {
    store.write(readers.api, 'database_url', url('entrada_api', passwords.api));
    store.write(readers.migrations, 'database_url', url('entrada_api', passwords.api));
    store.write(readers.migrations, 'database_owner_url', url('entrada_owner', passwords.owner));
    store.write(readers.database, 'api_password', passwords.api);
    store.write(readers.database, 'owner_password', passwords.owner);
  }
  store.provide(readers.api, 'encryption_keys', given.encryptionKeys, newEncryptionKey);
  store.provide(readers.api, 'metrics_token', given.metricsToken, () => randomBytes(24).toString('hex'));
  store.provide(readers.api, 'azure_client_secret', given.clientSecret, () => '');
  if (!store.has(readers.web, 'certificate.pem')) {
    const { key, certificate } = await selfSigned(new URL(given.publicUrl).hostname);
    store.write(readers.web, 'key.pem', key);
    store.write(readers.web, 'certificate.pem', certificate);
  }
  return store.written;
}

class SecretStore {
  readonly written: string[] = [];

  has({ folder }: Reader, name: string): boolean {
    return existsSync(join(folder, name));
  }

  /** What is given counts; what is not is made once. */
  provide(reader: Reader, name: string, given: string | undefined, make: () => string): void {
    if (given !== undefined) this.write(reader, name, given);
    else if (!this.has(reader, name)) this.write(reader, name, make());
  }

  write({ folder, account }: Reader, name: string, value: string): void {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name);
    const unfinished = `${path}.new`;
    writeFileSync(unfinished, `${value.trim()}\n`, { mode: 0o400 });
    if (account !== null) chownSync(unfinished, account, account);
    chmodSync(unfinished, 0o400);
    renameSync(unfinished, path);
    this.written.push(path);
  }
}

const newEncryptionKey = (): string =>
  `${new Date().toISOString().slice(0, 10)}:${randomBytes(32).toString('base64')}`;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/** Until the operator brings a certificate that browsers trust. */
async function selfSigned(host: string): Promise<{ key: string; certificate: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${host}`,
      notBefore: new Date(Date.now() - dayMs),
      notAfter: new Date(Date.now() + 365 * dayMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.SubjectAlternativeNameExtension([{ type: isIP(host) ? 'ip' : 'dns', value: host }]),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      ],
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: x509.PemConverter.encode(key, 'PRIVATE KEY'), certificate: certificate.toString('pem') };
}
