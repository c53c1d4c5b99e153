import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

/** What must survive a restart, so that tokens handed out yesterday still work today. */
export interface DataFolder {
  pathOf(name: string): string;
  read(name: string): string | null;
  writePublic(name: string, text: string): void;
  writeSecret(name: string, text: string): void;
}

export function openDataFolder(path: string): DataFolder {
  const folder = resolve(path);
  makeWritable(folder);
  const pathOf = (name: string) => join(folder, name);
  const write = (name: string, text: string, mode: number) => {
    writeFileSync(pathOf(name), text, { mode });
    // `mode` above only counts for a new file.
    chmodSync(pathOf(name), mode);
  };
  return {
    pathOf,
    read: (name) => (existsSync(pathOf(name)) ? readFileSync(pathOf(name), 'utf8') : null),
    writePublic: (name, text) => write(name, text, 0o644),
    writeSecret: (name, text) => write(name, text, 0o600),
  };
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(`The Azure emulator cannot use its data folder ${folder}: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
