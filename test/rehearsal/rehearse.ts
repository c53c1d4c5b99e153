/**
 * `npm run rehearse`: the Dockerfile and docker-compose.yml without a container engine, on a Debian with Node, Postgres,
 * Redis and nginx, as root. Each stage's commands run as they are written, in clean folders; then the services run from
 * what came out, with read-only roots, the accounts, volumes and environment that compose gives them, in a network of
 * their own; somebody signs in and chats. REHEARSAL_NODE names another Node to do it with.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImages } from './images.ts';
import { Roots } from './roots.ts';

const folder = mkdtempSync(join(tmpdir(), 'entrada-rehearsal-'));
chmodSync(folder, 0o755);
try {
  const node = process.env.REHEARSAL_NODE ?? process.execPath;
  console.log(`Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}, in ${folder}`);
  const images = buildImages(folder, new Roots(folder), node);
  writeFileSync(join(folder, 'images.json'), JSON.stringify([...images]));
  const services = [
    'tsx',
    '--conditions=source',
    '--tsconfig',
    'test/tsconfig.json',
    'test/rehearsal/services.ts',
  ];
  execFileSync('unshare', ['--net', 'npx', ...services, folder], { stdio: 'inherit' });
} finally {
  // Mounts end with the namespace; until then they hold the folder.
  for (const part of ['root/tmp', 'root/dev', 'root/proc', 'root'])
    for (const name of execFileSync('ls', [folder], { encoding: 'utf8' }).split('\n').filter(Boolean))
      try {
        execFileSync('umount', ['--recursive', '--lazy', join(folder, name, part)], { stdio: 'ignore' });
      } catch {
        // It was not mounted.
      }
  rmSync(folder, { recursive: true, force: true });
}
