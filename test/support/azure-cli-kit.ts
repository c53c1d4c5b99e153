/** The Azure CLI flow on a real database, with a fake `az` and a Graph of our own. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { DeviceAttempt } from '#contracts';
import { Leases } from '#platform';
import { AzureCli } from '../../libs/auth/src/azure-cli/azure-cli.ts';
import { FolderTurns } from '../../libs/auth/src/azure-cli/folder-turns.ts';
import { CliFolders } from '../../libs/auth/src/azure-cli/cli-folders.ts';
import { AzureCliCleanUp } from '../../libs/auth/src/sign-in/azure-cli-clean-up.ts';
import type { AzureCliIdentity } from '../../libs/auth/src/sign-in/azure-cli-identity.ts';
import type { AzureCliProof } from '../../libs/auth/src/sign-in/azure-cli-proof.ts';
import { AzureCliFlow } from '../../libs/auth/src/sign-in/azure-cli.flow.ts';
import type { DeviceCodeFlow } from '../../libs/auth/src/sign-in/device-code.flow.ts';
import { DeviceSignIns } from '../../libs/auth/src/sign-in/device-sign-ins.ts';
import { identityOf, type OpenAuth, personFromEntra } from './auth-kit.ts';
import { fakeAz, readCliConfig, temporaryFolder } from './fake-az.ts';

/** A process of the API with this Azure CLI. Graph knows Uma only. */
export async function azureCliKit(auth: OpenAuth, commands: Parameters<typeof fakeAz>[0] = {}) {
  const { clock } = auth;
  const fake = fakeAz(commands, { folder: temporaryFolder(), onFinished: () => undefined });
  const { config, faults } = await readCliConfig(fake);
  expect(faults).toEqual([]);
  const [cli, folders] = [
    new AzureCli(config, new FolderTurns(new Leases(auth.database, clock))),
    new CliFolders(config),
  ];
  // AzureCliCredential starts a process for each token: one test tries it, the others need none.
  if (!commands.token) cli.token = async (_folder, scope) => ({ accessToken: scope, expiresAt: clock.now() });
  const proofs: AzureCliProof[] = [];
  const identity = {
    verify: async (proof: AzureCliProof) => {
      proofs.push(proof);
      const { openAiToken: token } = proof;
      const credentials = { client: 'azure_cli', cache: '', token } as const;
      return identityOf(personFromEntra(), auth, { method: 'azure_cli', credentials });
    },
  } as unknown as AzureCliIdentity;
  const flow = new AzureCliFlow(config, auth.attempts, cli, folders, identity, auth.signIn, clock);
  const other = { kind: 'device_code' } as DeviceCodeFlow;
  const signIns = new DeviceSignIns(config, other, flow, auth.attempts, auth.signIn, clock);
  const cleanUp = new AzureCliCleanUp(auth.database, clock, auth.bus, folders, auth.attempts);
  const stop = async () => {
    cleanUp.onModuleDestroy();
    flow.onModuleDestroy();
    cli.onModuleDestroy();
    await flow.beforeApplicationShutdown();
  };
  onTestFinished(async () => {
    await stop();
    rmSync(fake.folder, { recursive: true });
  });
  const pending = () => readdirSync(join(fake.baseDir, 'pending'));
  const users = () => readdirSync(join(fake.baseDir, 'users'));
  const begin = (browser = 'browser') => signIns.begin('azure_cli', browser, false);
  const status = (attempt: DeviceAttempt, browser = 'browser') => signIns.status(browser, attempt.attemptId);
  const complete = (attempt: DeviceAttempt, browser = 'browser') =>
    signIns.complete(browser, attempt.attemptId, null);
  const until = (attempt: DeviceAttempt, wanted: string) =>
    expect.poll(() => status(attempt), { timeout: 20_000 }).toMatchObject({ status: wanted });
  async function approved() {
    const attempt = await begin();
    writeFileSync(join(folders.pending(attempt.attemptId), 'approved'), '');
    await until(attempt, 'approved');
    return attempt;
  }
  return {
    fake,
    cli,
    folders,
    flow,
    signIns,
    cleanUp,
    proofs,
    stop,
    pending,
    users,
    begin,
    status,
    complete,
    until,
    approved,
  };
}

/** Nothing of the test before; folders have the time of the system. */
export async function startOver({ database, clock }: OpenAuth): Promise<void> {
  clock.advanceSeconds((Date.now() - clock.now().getTime()) / 1000);
  await database.rows('DELETE FROM sign_in_attempts');
  await database.rows('DELETE FROM users');
}
