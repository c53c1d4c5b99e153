/** What the product is compared with, from a folder of its own: none of it is a dependency of the product. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const folder = resolve('test/bench/peers');

export function installPeers(): void {
  if (existsSync(`${folder}/node_modules/.package-lock.json`)) return;
  process.stderr.write('npm ci, for what the benchmarks compare with\n');
  execFileSync('npm', ['ci', '--prefix', folder, '--no-progress'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

export const peer = (name: string): string => `${folder}/${name}.js`;

/** A package of the peers. */
export const fromPeers = <Module>(name: string): Module =>
  createRequire(`${folder}/package.json`)(name) as Module;

export const importFromPeers = async <Module>(name: string): Promise<Module> =>
  (await import(createRequire(`${folder}/package.json`).resolve(name))) as Module;
