/** Executables that stand in for the Azure CLI and misbehave as the test wants, and folders to try them in. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AuthConfig } from '../../libs/auth/src/config/auth-config.ts';
import { readAzureCli } from '../../libs/auth/src/azure-cli/read-azure-cli.ts';
import { authEnvironment } from '../../libs/auth/src/config/auth-environment.ts';
import { type EnvironmentFault, readSlice } from '#platform';
import { authorityHost, clientId, tenantId } from './auth.ts';

export const umaId = '33333333-3333-4333-8333-333333333333';
export const loginSentence =
  'To sign in, use a web browser to open the page https://microsoft.example/devicelogin and enter the code ABCD2345X to authenticate.';

/** Waits for the file `approved` or `declined` in the folder it works on. */
export const login = `
  echo '${loginSentence}' >&2
  while :; do
    [ -e "$AZURE_CONFIG_DIR/approved" ] && exit 0
    [ -e "$AZURE_CONFIG_DIR/declined" ] && { echo 'ERROR: AADSTS70022: The end user denied the authorization request.' >&2; exit 1; }
    sleep 0.05
  done`;
export const signedInUser = `echo '{"displayName": "Uma Patel", "id": "${umaId}"}'`;
/** As versions before 2.54 answer: local time, which is the process's own. */
export const token = `echo "{\\"accessToken\\": \\"token-for-$6\\", \\"expiresOn\\": \\"2026-03-01 09:00:00.000000\\", \\"tokenType\\": \\"Bearer\\"}"`;

/** One script for each command; those that are not named work. */
export function fakeAz(
  commands: Partial<Record<'version' | 'login' | 'user' | 'token', string>> = {},
  /** Goes with it when the test is over. */
  { folder = temporaryFolder(), onFinished = onTestFinished } = {},
) {
  const log = join(folder, 'calls');
  const script = `#!/bin/sh
echo "$*" >> '${log}'
case "$1 $2" in
  version*) ${commands.version ?? `echo '{"azure-cli": "2.60.0"}'`} ;;
  login*) ${commands.login ?? login} ;;
  'ad signed-in-user') ${commands.user ?? signedInUser} ;;
  'account get-access-token') ${commands.token ?? token} ;;
  *) echo "az: '$1' is not in the 'az' command group." >&2; exit 2 ;;
esac
`;
  const executable = join(folder, 'the-azure-cli');
  writeFileSync(executable, script);
  chmodSync(executable, 0o700);
  onFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    executable,
    baseDir: join(folder, 'base'),
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'azure-cli-'));

/** The configuration that starts with such an executable, and what is wrong with it. */
export async function readCliConfig(
  { executable, baseDir }: Pick<ReturnType<typeof fakeAz>, 'executable' | 'baseDir'>,
  changes: Record<string, string> = {},
  timeoutMs?: number,
) {
  const faults: EnvironmentFault[] = [];
  const source = {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: 'canary~secret~value',
    AZURE_AUTHORITY_HOST: authorityHost,
    AUTH_METHODS: 'azure_cli',
    AZURE_CLI_PATH: executable,
    AZURE_CONFIG_BASE_DIR: baseDir,
    PATH: '/usr/bin:/bin',
    ...changes,
  };
  const values = readSlice(authEnvironment, source, faults);
  const azureCli = await readAzureCli(values, source, faults, timeoutMs);
  return {
    faults,
    azureCli,
    config: new AuthConfig(values, 'https://chat.example.test', undefined, azureCli),
  };
}
