import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Component {
  name: string;
  version: string;
  purl: string;
  properties?: { name: string }[];
  licenses?: { license?: { id?: string }; expression?: string }[];
}
const read = <Content>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as Content;
const lock = read<{ packages: Record<string, { version?: string; dev?: boolean; optional?: boolean }> }>(
  'package-lock.json',
);

/** As numbers: a release, not a pre-release of one. */
const parts = (version: string) => version.split('-')[0]!.split('.').map(Number);
function isAtLeast(version: string, floor: string): boolean {
  const [own, least] = [parts(version), parts(floor)];
  const at = least.findIndex((part, index) => own[index] !== part);
  return at === -1 || own[at]! > least[at]!;
}

describe('CFG-03: the bill of materials', () => {
  const bill = JSON.parse(
    execFileSync('npm', ['run', '--silent', 'sbom'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as { bomFormat: string; components: Component[] };

  it('names everything that the lock file has for the image, with its version', () => {
    expect(bill.bomFormat).toBe('CycloneDX');
    const named = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
    const shipped = Object.entries(lock.packages)
      .filter(([path, { dev, optional }]) => path && !dev && !optional)
      .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`);
    expect(shipped.filter((one) => !named.has(one))).toEqual([]);
    expect(shipped.length).toBeGreaterThan(200);
    expect(bill.components.filter(({ purl }) => !/^pkg:npm\/.+@\d/.test(purl))).toEqual([]);
  });

  it('names licences that Apache-2.0 goes together with', () => {
    const free = /^(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|Python-2\.0|Zlib)$/;
    const isFree = (term: string) =>
      term.includes(' OR ')
        ? term.split(' OR ').some(isFree)
        : term.split(' AND ').every((one) => free.test(one));
    const others = bill.components.filter(
      ({ licenses = [], properties = [] }) =>
        !properties.some(({ name }) => name === 'cdx:npm:package:development') &&
        (licenses.length === 0 ||
          !licenses.every(({ license, expression }) =>
            isFree((license?.id ?? expression ?? '').replaceAll(/[()]/g, '')),
          )),
    );
    // These say it elsewhere than in their package.json; both are MIT.
    expect(others.map(({ name }) => name)).toEqual(['pause', 'valid-url']);
  });
});

describe('CFG-03: dependencies', () => {
  it('run nothing when they are installed', () => {
    expect(readFileSync('.npmrc', 'utf8').split('\n')).toContain('ignore-scripts=true');
  });

  /** The first releases without what docs/security.md lists of them. */
  it.each([
    ['next', '16.2.6', 'CVE-2026-44573, -44574, -44575 and GHSA-c4j6-fc7j-m34r'],
    ['@nestjs/platform-fastify', '11.1.16', 'CVE-2025-69211, CVE-2026-2293, CVE-2026-33011'],
    ['socket.io', '4.6.2', 'CVE-2024-38355'],
    ['engine.io', '6.1.1', 'CVE-2022-21676'],
    ['jsonwebtoken', '9.0.0', 'CVE-2022-23529, -23539, -23540, -23541'],
  ])('%s is at least %s, which is without %s', (name, floor) => {
    const installed = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
    expect(installed.length).toBeGreaterThan(0);
    expect(installed.filter(([, { version = '' }]) => !isAtLeast(version, floor))).toEqual([]);
  });

  it('a floor is a floor', () => {
    expect(['16.2.6', '16.3.0', '17.0.0'].filter((version) => !isAtLeast(version, '16.2.6'))).toEqual([]);
    expect(['16.2.5', '16.1.9', '15.9.9'].filter((version) => isAtLeast(version, '16.2.6'))).toEqual([]);
  });
});
