import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentSlices } from '../../apps/api/src/config.ts';
import { environmentFor } from '../../apps/azure-emulator/src/environment.ts';
import { withDefaults } from '../../apps/azure-emulator/src/settings.ts';

interface Service {
  environment?: Record<string, string>;
  read_only?: boolean;
  user?: string;
  cap_drop?: string[];
  ports?: string[];
}
const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};
const demo = new Map(
  readFileSync('deploy/demo.env', 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
);

/** The images decide these, and the way out of the Azure CLI that one of them has. */
const decided = new Set([
  'HOST',
  'PORT',
  'DATABASE_OWNER_URL',
  'AZURE_CLI_PATH',
  'HTTPS_PROXY',
  'NO_PROXY',
  'REQUESTS_CA_BUNDLE',
]);

describe('docker-compose.yml', () => {
  it('hands every variable that is declared to the API', () => {
    const given = Object.keys(compose.services['api-1']?.environment ?? {});
    const declared = environmentSlices.flatMap(({ variables }) => Object.keys(variables.shape));
    const missing = declared.filter(
      (variable) =>
        !given.includes(variable) && !given.includes(`${variable}_FILE`) && !decided.has(variable),
    );
    expect(missing).toEqual([]);
  });

  it('gives both processes of the API the same environment', () => {
    expect(compose.services['api-2']?.environment).toEqual(compose.services['api-1']?.environment);
  });

  it('CFG-01: keeps secrets out of the API’s environment', () => {
    const values = JSON.stringify(compose.services['api-1']?.environment);
    expect(values).not.toMatch(/\$\{(AZURE_CLIENT_SECRET|ENCRYPTION_KEYS|METRICS_TOKEN|DATABASE_URL)\b/);
  });

  it.each(Object.keys(compose.services))('%s: read-only root, no capabilities to begin with', (name) => {
    expect(compose.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('publishes the web server, and the demo’s emulator to this machine only', () => {
    const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port}`),
    );
    expect(published).toEqual([
      'web ${HTTPS_PORT:-443}:8443',
      'web ${HTTP_PORT:-80}:8080',
      'emulator 127.0.0.1:4010:4010',
    ]);
  });
});

describe('deploy/demo.env', () => {
  const address = 'https://emulator:4011';
  const settings = withDefaults({ dataDir: '' });
  const { NODE_EXTRA_CA_CERTS, ...expected } = environmentFor(
    settings,
    { authority: address, graph: address, pages: '' },
    'data/emulator/ca.pem',
  );

  it('describes the emulator as it describes itself', () => {
    expect(Object.fromEntries(demo)).toMatchObject(expected);
    expect(demo.get('EXTRA_CA_FILE')).toBe(`/entrada/${NODE_EXTRA_CA_CERTS}`);
  });
});
