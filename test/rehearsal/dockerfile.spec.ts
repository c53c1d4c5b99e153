import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isIgnored, readDockerfile } from './dockerfile.ts';

describe('the Dockerfile, as the rehearsal reads it', () => {
  const stages = readDockerfile(readFileSync('Dockerfile', 'utf8'));
  const stage = (name: string) => stages.find((one) => one.name === name)!;

  it('has the images, and what they are made from', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'dependencies', 'api', 'api-azure-cli', 'web']);
    expect(stage('api-azure-cli')).toMatchObject({ from: 'api', command: stage('api').command });
  });

  it('CFG-01: ends as an account without rights, and says how it is', () => {
    expect([stage('api').user, stage('api-azure-cli').user]).toEqual(['node', 'node']);
    expect(stage('web').from).toContain('unprivileged');
    for (const name of ['api', 'web']) expect(stage(name).healthcheck).not.toEqual([]);
    expect(stage('api').command).toEqual(['node', '--enable-source-maps', 'dist/apps/api/main.js']);
  });
});

describe('.dockerignore', () => {
  const patterns = readFileSync('.dockerignore', 'utf8').trim().split('\n');

  it.each([
    '.env',
    '.git/config',
    'data/secret',
    'test/x.ts',
    'apps/web/out/index.html',
    'libs/a/node_modules/x',
  ])('keeps %s out', (path) => expect(isIgnored(path, patterns)).toBe(true));

  it.each([
    'package.json',
    '.npmrc',
    'apps/api/src/main.ts',
    'tsconfig.base.json',
    'deploy/nginx/nginx.conf',
  ])('lets %s in', (path) => expect(isIgnored(path, patterns)).toBe(false));
});
