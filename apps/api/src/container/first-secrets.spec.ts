import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platformEnvironment, readSlice } from '#platform';
import { provideSecrets } from './first-secrets.ts';

describe('the secrets of an installation by containers', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'entrada-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const reader = (name: string) => ({ folder: join(folder, name), account: null });
  const readers = () => ({
    api: reader('api'),
    migrations: reader('migrations'),
    database: reader('database'),
    web: reader('web'),
  });
  const provide = (given: object = {}) =>
    provideSecrets(readers(), {
      publicUrl: 'https://chat.example.org',
      databaseHost: 'postgres',
      clientSecret: 'canary',
      encryptionKeys: undefined,
      metricsToken: undefined,
      ...given,
    });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');

  it('are what the API and its jobs accept, and fit together', async () => {
    await provide();
    const source = {
      PUBLIC_URL: 'https://chat.example.org',
      DATABASE_URL_FILE: join(folder, 'api/database_url'),
      DATABASE_OWNER_URL_FILE: join(folder, 'migrations/database_owner_url'),
      ENCRYPTION_KEYS_FILE: join(folder, 'api/encryption_keys'),
      METRICS_TOKEN_FILE: join(folder, 'api/metrics_token'),
    };
    const faults: never[] = [];
    const values = readSlice(platformEnvironment, source, faults);
    expect(faults).toEqual([]);
    expect(new URL(values.DATABASE_URL).password).toBe(read('database/api_password').trim());
    expect(new URL(values.DATABASE_OWNER_URL ?? '').password).toBe(read('database/owner_password').trim());
    expect(read('migrations/database_url')).toBe(read('api/database_url'));
    expect(read('api/azure_client_secret').trim()).toBe('canary');
  });

  it('CFG-01: are readable by their reader alone, and each has only its own', async () => {
    const written = await provide();
    for (const path of written) expect(statSync(path).mode & 0o777, path).toBe(0o400);
    expect(written.filter((path) => path.startsWith(join(folder, 'api'))).join()).not.toMatch(/owner/);
  });

  it('stay as they are at every further start; only what the operator gives is taken over', async () => {
    await provide();
    const before = ['api/database_url', 'api/encryption_keys', 'web/key.pem'].map(read);
    expect(await provide({ clientSecret: undefined })).toEqual([]);
    await provide({ clientSecret: 'rotated' });
    expect(['api/database_url', 'api/encryption_keys', 'web/key.pem'].map(read)).toEqual(before);
    expect(read('api/azure_client_secret').trim()).toBe('rotated');
  });

  it('have a certificate for the host that browsers use', async () => {
    await provide();
    const certificate = new X509Certificate(read('web/certificate.pem'));
    expect(certificate.checkHost('chat.example.org')).toBe('chat.example.org');
    expect(() =>
      createSecureContext({ cert: read('web/certificate.pem'), key: read('web/key.pem') }),
    ).not.toThrow();
  });
});
