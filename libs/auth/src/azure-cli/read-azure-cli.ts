import { accessSync, constants, mkdtempSync, rmSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { EnvironmentFault } from '#platform';
import type { AuthEnvironment } from '../config/auth-environment.ts';
import type { AzureCliSettings } from '../config/azure-cli-settings.ts';
import { oneTenant } from '../config/one-tenant.ts';
import { cliEnvironment } from './cli-environment.ts';
import { prepareFolder, writeScript } from './prepare-folder.ts';
import { startGroup } from './process-group.ts';

/** The first version whose `az ad` speaks Microsoft Graph; `az login` has used MSAL since 2.30. */
const oldestVersion = [2, 37, 0] as const;
const versionsSchema = z.object({ 'azure-cli': z.string().regex(/^\d+\.\d+\.\d+/) });

type Values = Partial<AuthEnvironment>;
type Source = Readonly<Record<string, string | undefined>>;

/** Prepares the folder and tries the executable; a fault, with what to do, where either is of no use. */
export async function readAzureCli(
  values: Values,
  source: Source,
  faults: EnvironmentFault[],
  timeoutMs = 30_000,
): Promise<AzureCliSettings | undefined> {
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
    ? folderProblem === null && (await checkVersion(baseDir, { binDir, environment, timeoutMs }))
    : `there is no executable ${path}: install the Azure CLI (https://aka.ms/azure-cli) or write where it is`;
  if (cliProblem) faults.push({ variable: 'AZURE_CLI_PATH', problem: cliProblem });
  return { binDir, environment, tenantId: oneTenant(values) ?? '' };
}

function passedOn({ HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE }: Values, { PATH }: Source) {
  const given = Object.entries({ PATH, HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE });
  return Object.fromEntries(given.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

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

async function checkVersion(
  baseDir: string,
  { timeoutMs, ...settings }: Omit<AzureCliSettings, 'tenantId'> & { timeoutMs: number },
): Promise<string | null> {
  const folder = mkdtempSync(join(baseDir, 'check-'));
  try {
    const env = cliEnvironment(settings, folder);
    const { ended } = startGroup(['az', 'version', '--output', 'json'], { env, timeoutMs });
    const { stdout, status, timedOut } = await ended;
    if (timedOut) return `it did not say its version within ${timeoutMs / 1000} s: try “az version”`;
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
