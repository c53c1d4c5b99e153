import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerDeviceCode } from './testing/browser.ts';
import { freshEmulator, type FreshEmulator } from './testing/fresh-emulator.ts';

const hasAzureCli = spawnSync('az', ['version'], { timeout: 60_000 }).status === 0;

describe.skipIf(!hasAzureCli)('the real Azure CLI takes the emulator for Azure', () => {
  let azure: FreshEmulator;
  let folder: string;
  beforeAll(async () => {
    azure = await freshEmulator();
    folder = await mkdtemp(join(tmpdir(), 'azure-config-'));
  });
  afterAll(async () => {
    await azure.stop();
    await rm(folder, { recursive: true });
  });

  const environment = () => ({
    ...process.env,
    AZURE_CONFIG_DIR: folder,
    AZURE_CORE_COLLECT_TELEMETRY: '0',
    HTTPS_PROXY: azure.proxyUrl,
    REQUESTS_CA_BUNDLE: azure.caFile,
  });

  async function az(...args: string[]): Promise<Record<string, string>> {
    const { stdout } = await promisify(execFile)('az', args, { env: environment() });
    return JSON.parse(stdout) as Record<string, string>;
  }

  it('signs in with a device code and gets tokens and the profile', { timeout: 120_000 }, async () => {
    const args = ['login', '--use-device-code', '--allow-no-subscriptions', '--tenant', azure.tenantId];
    const login = spawn('az', args, { env: environment() });
    let said = '';
    login.stderr.on('data', (text: Buffer) => {
      const alreadyAnswered = /code ([A-Z0-9]{9})/.test(said);
      said += text.toString();
      const userCode = /code ([A-Z0-9]{9})/.exec(said)?.[1];
      if (userCode && !alreadyAnswered) void answerDeviceCode(azure.httpUrl, userCode, 'ulrich');
    });
    const status = await new Promise((resolve) => login.on('close', resolve));
    expect(said).toContain(`${azure.httpUrl}/devicelogin`);
    expect({ status, said }).toMatchObject({ status: 0 });

    const ulrich = azure.people.find((person) => person.alias === 'ulrich')!;
    const scope = 'https://cognitiveservices.azure.com/.default';
    const token = await az('account', 'get-access-token', '--scope', scope);
    expect(decodeJwt(token.accessToken!)).toMatchObject({
      aud: 'https://cognitiveservices.azure.com',
      oid: ulrich.id,
    });
    const profile = await az('ad', 'signed-in-user', 'show');
    expect(profile).toMatchObject({ id: ulrich.id, mail: ulrich.mail });
  });
});
