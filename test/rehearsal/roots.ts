/**
 * Roots like those of images and containers, without an engine: layers over this machine's own root, in a mount namespace
 * of one's own (the caller is run by `unshare --mount`), so that nothing outside is touched and everything is gone at the end.
 */
import { execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

export class Roots {
  constructor(private readonly folder: string) {}

  /** A root with these layers, the topmost first, and a new one above them. Returns its path and that layer. */
  mount(name: string, layers: readonly string[]): { root: string; layer: string } {
    const own = (part: string) => join(this.folder, name, part);
    const [root, layer, nothing] = [own('root'), own('layer'), own('nothing')];
    for (const one of [root, nothing]) mkdirSync(one, { recursive: true });
    mount('--bind', root, root);
    // Folder by folder: the layers themselves lie below this machine's root, which so cannot be one of them.
    for (const part of [...ofMachine, ...ofImages]) {
      const below = layers.map((one) => join(one, part)).filter((one) => existsSync(one));
      if (ofMachine.includes(part)) below.push(`/${part}`);
      const [point, upper, work] = [join(root, part), join(layer, part), own(`work/${part}`)];
      for (const one of [point, upper, work]) mkdirSync(one, { recursive: true });
      const lower = below.length > 0 ? below.join(':') : nothing;
      mount('-t', 'overlay', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`, point);
    }
    for (const part of ['bin', 'lib', 'lib64', 'sbin']) symlinkSync(`usr/${part}`, join(root, part));
    for (const part of ['dev', 'proc', 'tmp']) mkdirSync(join(root, part));
    mount('--rbind', '/dev', join(root, 'dev'));
    mount('--bind', '/proc', join(root, 'proc'));
    this.tmpfs(root, '/tmp');
    return { root, layer };
  }

  tmpfs(root: string, path: string): void {
    mkdirSync(join(root, path), { recursive: true });
    mount('-t', 'tmpfs', '-o', 'mode=1777', 'tmpfs', join(root, path));
  }

  bind(root: string, path: string, source: string, isReadOnly: boolean): void {
    mkdirSync(join(root, path), { recursive: true });
    mkdirSync(source, { recursive: true });
    mount('--bind', source, join(root, path));
    if (isReadOnly) mount('-o', 'remount,bind,ro', join(root, path));
  }

  seal(root: string): void {
    for (const part of [...ofMachine, ...ofImages]) mount('-o', 'remount,ro', join(root, part));
    mount('-o', 'remount,bind,ro', root);
  }
}

const ofMachine = ['usr', 'etc', 'var'];
const ofImages = ['entrada', 'srv', 'run', 'secrets'];

const mount = (...args: string[]): void => void execFileSync('mount', args, { stdio: 'inherit' });

export interface Inside {
  root: string;
  account: number;
  workdir: string;
  env: Record<string, string>;
}

/** How to run a command in there: with this environment and none of ours, as this account. */
export function inside({ root, account, workdir, env }: Inside, command: readonly string[]): string[] {
  const own = { PATH: '/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin', HOME: '/tmp', ...env };
  const pairs = Object.entries(own).map(([name, value]) => `${name}=${value}`);
  const script = 'cd "$0" && exec "$@"';
  const entering = ['chroot', `--userspec=${account}:${account}`, '--groups=', root];
  return [...entering, 'env', '-i', ...pairs, 'sh', '-c', script, workdir, ...command];
}

export function run(place: Inside, command: readonly string[]): string {
  const [program = '', ...args] = inside(place, command);
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
}

export function start(place: Inside, command: readonly string[], options: SpawnOptions) {
  const [program = '', ...args] = inside(place, command);
  return spawn(program, args, options);
}
