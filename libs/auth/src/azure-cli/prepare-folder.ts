import { accessSync, chmodSync, constants, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliFolderNames } from './cli-folders.ts';

/** Refresh tokens lie there as the Azure CLI writes them: nobody else may look. */
export function prepareFolder(baseDir: string): string | null {
  const folders = [baseDir, ...Object.values(cliFolderNames).map((name) => join(baseDir, name))];
  try {
    for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const open = folders.find((folder) => (statSync(folder).mode & 0o077) !== 0);
    if (open) return `${open} can be read by others than this account: chmod 700 ${open}`;
    folders.forEach((folder) => accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK));
    if (new Set(folders.map((folder) => statSync(folder).dev)).size > 1)
      return `the folders in ${baseDir} must be on one file system: a finished login moves by renaming`;
    return null;
  } catch (error) {
    return unusable(baseDir, error);
  }
}

const unusable = (folder: string, error: unknown): string =>
  `${folder} cannot be used (${(error as NodeJS.ErrnoException).code}): write a folder that this account can create and write to`;

/** A script and no symbolic link: some installations find their parts beside the path they were called by. */
export function writeScript(binDir: string, executable: string): string | null {
  const quoted = `'${executable.replaceAll("'", String.raw`'\''`)}'`;
  try {
    mkdirSync(binDir, { recursive: true, mode: 0o700 });
    const draft = join(binDir, `.az-${process.pid}`);
    writeFileSync(draft, `#!/bin/sh\nexec ${quoted} "$@"\n`);
    chmodSync(draft, 0o700);
    renameSync(draft, join(binDir, 'az'));
    return null;
  } catch (error) {
    return unusable(binDir, error);
  }
}
