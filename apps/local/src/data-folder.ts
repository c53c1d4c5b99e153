import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StopSentence } from './stop-sentence.ts';

export interface DataFolder {
  postgres: string;
  emulator: string;
  azureCli: string;
  apiLog: string;
  /** Made on the first start; what was sealed then opens on every later one. */
  encryptionKeys: string;
}

const keyLine = /^[\w-]+:[A-Za-z0-9+/]{43}=$/;

/** Everything the local stack keeps between two starts. Deleting the folder is a fresh start. */
export function openDataFolder(folder: string): DataFolder {
  const keyFile = join(folder, 'encryption-keys');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(keyFile)) {
      writeFileSync(keyFile, `local:${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    }
    const encryptionKeys = readFileSync(keyFile, 'utf8').trim();
    if (!keyLine.test(encryptionKeys)) throw new Error('encryption-keys does not hold a key');
    return {
      postgres: join(folder, 'postgres'),
      emulator: join(folder, 'emulator'),
      azureCli: join(folder, 'azure'),
      apiLog: join(folder, 'api.log'),
      encryptionKeys,
    };
  } catch (error) {
    const reason = (error as Error).message;
    throw new StopSentence(
      `The data folder ${folder} cannot be used (${reason}). Move it away to start with an empty one.`,
    );
  }
}
