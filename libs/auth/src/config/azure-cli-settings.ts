import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { EnvironmentFault } from '#platform';
import type { AuthEnvironment } from './auth-environment.ts';
import { oneTenant } from './one-tenant.ts';

/** What the Azure CLI is run with; there where AUTH_METHODS names azure_cli. */
export interface AzureCliSettings {
  /** A folder that holds `az` and nothing else: AzureCliCredential knows the executable by that name only. */
  binDir: string;
  tenantId: string;
  /** Of our own environment these values and no others reach the Azure CLI. */
  environment: Readonly<Record<string, string>>;
}

/** The first version whose `az ad` speaks Microsoft Graph; `az login` has used MSAL since 2.30. */
const oldestVersion = [2, 37, 0] as const;
const checkTimeoutMs = 30_000;
const versionsSchema = z.object({ 'azure-cli': z.string().regex(/^\d+\.\d+\.\d+/) });

type Values = Partial<AuthEnvironment>;
type Source = Readonly<Record<string, string | undefined>>;

/** The sub-folders of AZURE_CONFIG_BASE_DIR. Folders move from the first to the second, by renaming. */
export const cliFolderNames = { pending: 'pending', users: 'users' } as const;

/** Prepares the folder and tries the executable; a fault, with what to do, where either is of no use. */
export function readAzureCli(
  values: Values,
  source: Source,
  faults: EnvironmentFault[],
): AzureCliSettings | undefined {
  if (!values.AUTH_METHODS?.includes('azure_cli')) return undefined;
  const { AZURE_CLI_PATH: path, AZURE_CONFIG_BASE_DIR: folder } = values;
  if (!path || !folder) return undefined;
  const baseDir = resolve(folder);
  const binDir = join(baseDir, 'bin');
  const environment = passedOn(values, source);
  const executable = findExecutable(path, source.PATH ?? '');
  const folderProblem = prepareFolder(baseDir) ?? (executable && writeScript(binDir, executable));
  if (folderProblem) faults.push({ variable: 'AZURE_CONFIG_BASE_DIR', problem: folderProblem });
  const cliProblem = executable
    ? folderProblem === null && checkVersion(baseDir, binDir, environment)
    : `there is no executable ${path}: install the Azure CLI (https://aka.ms/azure-cli) or write where it is`;
  if (cliProblem) faults.push({ variable: 'AZURE_CLI_PATH', problem: cliProblem });
  return { binDir, environment, tenantId: oneTenant(values) ?? '' };
}

function passedOn({ HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE }: Values, { PATH }: Source) {
  const given = Object.entries({ PATH, HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE });
  return Object.fromEntries(given.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Refresh tokens lie there as the Azure CLI writes them: nobody else may look. */
function prepareFolder(baseDir: string): string | null {
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

function findExecutable(path: string, searched: string): string | null {
  const isPlainName = !path.includes('/');
  const candidates = isPlainName
    ? searched
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, path))
    : [resolve(path)];
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A script and no symbolic link: some installations find their parts beside the path they were called by. */
function writeScript(binDir: string, executable: string): string | null {
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

function checkVersion(baseDir: string, binDir: string, environment: Record<string, string>): string | null {
  const folder = mkdtempSync(join(baseDir, 'check-'));
  try {
    const { stdout, status, signal } = spawnSync(join(binDir, 'az'), ['version', '--output', 'json'], {
      env: { ...environment, AZURE_CONFIG_DIR: folder, HOME: folder, AZURE_CORE_COLLECT_TELEMETRY: '0' },
      encoding: 'utf8',
      timeout: checkTimeoutMs,
      killSignal: 'SIGKILL',
    });
    if (signal) return `it did not say its version within ${checkTimeoutMs / 1000} s: try “az version”`;
    const version = versionIn(stdout);
    if (status !== 0 || !version)
      return 'it does not say its version: try “az version” and mend the installation';
    return isAtLeast(version, oldestVersion)
      ? null
      : `version ${version} is too old: install the Azure CLI ${oldestVersion.join('.')} or newer`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function versionIn(output: string): string | null {
  try {
    return versionsSchema.parse(JSON.parse(output))['azure-cli'];
  } catch {
    return null;
  }
}

function isAtLeast(version: string, oldest: readonly number[]): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  const differing = oldest.findIndex((part, index) => parts[index] !== part);
  return differing === -1 || (parts[differing] ?? 0) > oldest[differing]!;
}
