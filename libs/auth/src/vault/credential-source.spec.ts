import { Logger } from '@nestjs/common';
import { expect, it } from 'vitest';
import type { AzureCli } from '../azure-cli/azure-cli.ts';
import { CliFailure, type CliFailureReason } from '../azure-cli/cli-failure.ts';
import type { CliFolders } from '../azure-cli/cli-folders.ts';
import type { EntraClient } from '../entra/entra-client.ts';
import { CredentialSource } from './credential-source.ts';

Logger.overrideLogger(false);
const scope = 'https://cognitiveservices.azure.com/.default';
const token = { accessToken: 'token', expiresAt: new Date('2026-03-01T09:00:00Z') };

/** The Azure CLI answers as the test decides; each call is written down. */
function sourceWith({
  answer = () => token,
  isOffered = true,
}: {
  answer?: () => typeof token;
  isOffered?: boolean;
}) {
  const calls: unknown[] = [];
  const cli = {
    isOffered,
    token: async (...call: unknown[]) => {
      calls.push(call);
      return answer();
    },
  } as unknown as AzureCli;
  const folders = { ofUser: (id: string) => `/users/${id}` } as CliFolders;
  const entra = {} as EntraClient;
  return { calls, source: new CredentialSource(entra, cli, folders) };
}
const held = { userId: 'uma', client: 'azure_cli', cache: '' } as const;

it('takes tokens of the Azure CLI from the folder of that person', async () => {
  const { calls, source } = sourceWith({});
  expect(await source.acquire(held, scope, { renew: true })).toEqual({ ...token, cache: '', idToken: null });
  expect(calls).toEqual([['/users/uma', scope, { renew: true }]]);
});

it.each<[CliFailureReason, string]>([
  ['login_required', 'sign_in_again'],
  ['interaction', 'interaction'],
  ['network', 'transient'],
  ['timeout', 'transient'],
  ['unknown', 'transient'],
  ['machine', 'operator'],
])('its failure “%s” is of the class %s', async (reason, failureClass) => {
  const { source } = sourceWith({
    answer: () => {
      throw new CliFailure(reason);
    },
  });
  await expect(source.acquire(held, scope, { renew: false })).rejects.toMatchObject({
    name: 'EntraFailure',
    failureClass,
  });
});

it('where the Azure CLI is no longer offered, another sign-in is what helps', async () => {
  const { calls, source } = sourceWith({ isOffered: false });
  await expect(source.acquire(held, scope, { renew: false })).rejects.toMatchObject({
    failureClass: 'sign_in_again',
  });
  expect(calls).toEqual([]);
});
