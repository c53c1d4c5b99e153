/** The real Azure CLI of this machine, and what is left of its processes and folders. */
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const hasAzureCli = spawnSync('az', ['version'], { timeout: 60_000 }).status === 0;

if (!hasAzureCli) {
  if (process.env.CI) throw new Error('the Azure CLI is not installed: apt-get install azure-cli');
  console.warn('SKIPPED: what is tried with the real Azure CLI. Install it: apt-get install azure-cli');
}

export const namesIn = (...path: string[]): Promise<string[]> => readdir(join(...path));

/** Processes that were told of this folder; and of those that ended, any that nobody has waited for. */
export async function processesOf(folder: string, parent: number): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    if (Number(pid) !== parent && (await read('environ')).includes(`AZURE_CONFIG_DIR=${folder}`))
      found.push((await read('cmdline')).replaceAll('\0', ' '));
    const [, state, parentId] = (await read('stat')).replace(/^.*\)/, ')').split(' ');
    if (state === 'Z' && Number(parentId) === parent) found.push(`zombie ${pid}`);
  }
  return found;
}
