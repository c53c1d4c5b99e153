import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tenantId } from '../../../../test/support/auth.ts';
import { fakeAz, loginSentence, readCliConfig, umaId } from '../../../../test/support/fake-az.ts';
import type { Leases } from '#platform';
import { AzureCli, cliGraphScope } from './azure-cli.ts';
import { FolderTurns } from './folder-turns.ts';

const openAi = 'https://cognitiveservices.azure.com/.default';

/** There is one process of the API. */
const aloneInTheHouse = {
  hold: () => Promise.resolve(true),
  release: () => Promise.resolve(),
} as unknown as Leases;

async function open(commands: Parameters<typeof fakeAz>[0] = {}, changes: Record<string, string> = {}) {
  const fake = fakeAz(commands);
  const cli = new AzureCli((await readCliConfig(fake, changes)).config, new FolderTurns(aloneInTheHouse));
  onTestFinished(() => cli.onModuleDestroy());
  const folder = (name: string) => {
    const path = join(fake.baseDir, 'users', name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  return { fake, cli, folder };
}

describe('the Azure CLI', () => {
  it('signs in at the tenant by device code', async () => {
    const { cli, folder, fake } = await open();
    const login = cli.login(folder('uma'));
    expect(await login.message).toEqual({
      userCode: 'ABCD2345X',
      verificationUri: 'https://microsoft.example/devicelogin',
      message: loginSentence,
    });
    writeFileSync(join(folder('uma'), 'approved'), '');
    await login.done;
    expect(fake.calls().at(-1)).toBe(
      `login --use-device-code --allow-no-subscriptions --tenant ${tenantId} --output none`,
    );
    expect(await cli.signedInUserId(folder('uma'))).toBe(umaId);
  });

  it.each([
    [
      'declines',
      'login',
      `echo '${loginSentence}' >&2; echo 'ERROR: AADSTS70022: denied the authorization' >&2; exit 1`,
      'declined',
    ],
    [
      'finds no network',
      'login',
      `echo 'ERROR: HTTPSConnectionPool: Max retries exceeded' >&2; exit 1`,
      'network',
    ],
    [
      'finds a full disk',
      'login',
      `echo 'OSError: [Errno 28] No space left on device' >&2; exit 1`,
      'machine',
    ],
    ['hangs', 'login', 'sleep 600', 'timeout'],
    ['ends with nothing said', 'login', 'exit 0', 'unknown'],
  ] as const)('tells why nobody signed in: it %s', async (_what, command, script, reason) => {
    const { cli, folder } = await open({ [command]: script });
    if (reason === 'timeout') cli.limits.messageMs = 1_000;
    const login = cli.login(folder('uma'));
    await expect(reason === 'declined' ? login.done : login.message).rejects.toMatchObject({ reason });
  });

  it('a killed login ends', async () => {
    const { cli, folder } = await open();
    const login = cli.login(folder('uma'));
    await login.message;
    login.kill();
    await expect(login.done).rejects.toMatchObject({ name: 'CliFailure' });
  });

  it('what runs ends with the application', async () => {
    const { cli, folder } = await open();
    const login = cli.login(folder('uma'));
    await login.message;
    cli.onModuleDestroy();
    await expect(login.done).rejects.toMatchObject({ name: 'CliFailure' });
  });

  it('gives tokens by AzureCliCredential, their end read as the UTC it is', async () => {
    const { cli, folder, fake } = await open();
    expect(await cli.token(folder('uma'), openAi)).toEqual({
      accessToken: 'token-for-https://cognitiveservices.azure.com',
      expiresAt: new Date('2026-03-01T09:00:00Z'),
    });
    expect(fake.calls().at(-1)).toBe(
      `account get-access-token --output json --resource https://cognitiveservices.azure.com --tenant ${tenantId}`,
    );
  });

  it('takes short names of scopes for those of Microsoft Graph', async () => {
    const { cli, folder } = await open();
    const { accessToken } = await cli.token(folder('uma'), 'User.Read');
    expect(accessToken).toBe(`token-for-${cliGraphScope.replace('/.default', '')}`);
  });

  it.each([
    ['a refusal', `echo 'ERROR: AADSTS50173: revoked. az login --scope x' >&2; exit 1`, 'login_required'],
    ['garbage', 'echo garbage', 'unknown'],
  ])('a token that does not come: %s', async (_what, script, reason) => {
    const { cli, folder } = await open({ token: script });
    await expect(cli.token(folder('uma'), openAi)).rejects.toMatchObject({ reason });
  });

  it('a hanging one is given up, and the next is not held up by it', async () => {
    const { cli, folder } = await open({ token: 'sleep 600' });
    const { answerMs } = cli.limits;
    cli.limits.answerMs = 2_000;
    await expect(cli.token(folder('uma'), openAi)).rejects.toMatchObject({ reason: 'timeout' });
    cli.limits.answerMs = answerMs;
    expect(await cli.signedInUserId(folder('uma'))).toBe(umaId);
  });

  it('does not ask on a folder that is not there', async () => {
    const { cli, fake } = await open();
    const gone = join(fake.baseDir, 'users', 'gone');
    await expect(cli.token(gone, openAi)).rejects.toMatchObject({ reason: 'login_required' });
    expect([fake.calls().length, existsSync(gone)]).toEqual([1, false]);
  });

  it('works on one folder once at a time, and on several at once', async () => {
    // Who comes while another is in the folder would say so; who is alone in a folder waits for the other folder's.
    const user = `mkdir "$AZURE_CONFIG_DIR/busy" || { echo crowded >&2; exit 1; }
      while [ ! -d "$AZURE_CONFIG_DIR/../uma/been" ] && [ ! -d "$AZURE_CONFIG_DIR/../uma/busy" -o ! -d "$AZURE_CONFIG_DIR/../grace/busy" ]; do sleep 0.02; done
      mkdir -p "$AZURE_CONFIG_DIR/../uma/been"; rmdir "$AZURE_CONFIG_DIR/busy"; echo '{"id": "${umaId}"}'`;
    const { cli, folder } = await open({ user });
    const calls = ['uma', 'grace', 'uma', 'uma'].map((name) => cli.signedInUserId(folder(name)));
    expect(await Promise.all(calls)).toEqual([umaId, umaId, umaId, umaId]);
  });

  it('to renew, takes the access tokens out of the cache, and nothing else', async () => {
    const { cli, folder } = await open();
    const file = join(folder('uma'), 'msal_token_cache.json');
    const kept = { Account: { a: 1 }, RefreshToken: { r: 1 } };
    writeFileSync(file, JSON.stringify({ AccessToken: { t: 1 }, ...kept }));
    await cli.token(folder('uma'), openAi);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ AccessToken: { t: 1 }, ...kept });
    await cli.token(folder('uma'), openAi, { renew: true });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ AccessToken: {}, ...kept });
    writeFileSync(file, 'sealed by a later version');
    await cli.token(folder('uma'), openAi, { renew: true });
    expect(readFileSync(file, 'utf8')).toBe('sealed by a later version');
  });

  it('knows of our environment what the list names, and no secret', async () => {
    const dump = 'env > "$AZURE_CONFIG_DIR/environment"';
    const { cli, folder, fake } = await open(
      {
        user: `${dump}; echo '{"id": "${umaId}"}'`,
        token: `${dump}; echo '{"accessToken": "x", "expires_on": 1}'`,
      },
      { HTTPS_PROXY: 'http://proxy.example:8080', REQUESTS_CA_BUNDLE: '/etc/ca.pem' },
    );
    vi.stubEnv('ENCRYPTION_KEYS', 'canary')
      .stubEnv('AZURE_CLIENT_SECRET', 'canary')
      .stubEnv('NODE_OPTIONS', '');
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const act of [() => cli.signedInUserId(folder('uma')), () => cli.token(folder('uma'), openAi)]) {
      await act();
      const lines = readFileSync(join(folder('uma'), 'environment'), 'utf8')
        .trim()
        .split('\n');
      const environment = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
      // What the shell adds by itself.
      for (const name of ['PWD', 'OLDPWD', '_', 'SHLVL']) delete environment[name];
      expect(environment).toEqual({
        PATH: `${join(fake.baseDir, 'bin')}:/usr/bin:/bin`,
        HOME: folder('uma'),
        AZURE_CONFIG_DIR: folder('uma'),
        HTTPS_PROXY: 'http://proxy.example:8080',
        REQUESTS_CA_BUNDLE: '/etc/ca.pem',
        AZURE_CORE_COLLECT_TELEMETRY: '0',
        AZURE_CORE_NO_COLOR: '1',
        AZURE_CORE_LOGIN_EXPERIENCE_V2: 'off',
        AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no',
        LANG: 'C.UTF-8',
        TZ: 'UTC',
      });
    }
  });
});
