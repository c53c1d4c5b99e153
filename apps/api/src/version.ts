import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root: this file is three folders below it, as source and as built. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));

export const version = (
  JSON.parse(readFileSync(`${repositoryRoot}package.json`, 'utf8')) as { version: string }
).version;
