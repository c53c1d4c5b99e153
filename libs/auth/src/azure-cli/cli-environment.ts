import { delimiter } from 'node:path';
import type { AzureCliSettings } from '../config/azure-cli-settings.ts';

/** All that a process of the Azure CLI is told: nothing of ours comes along, and each works on one folder. */
export const cliEnvironment = (
  { binDir, environment }: AzureCliSettings,
  folder: string,
): Record<string, string> => ({
  ...environment,
  PATH: [binDir, environment.PATH].filter(Boolean).join(delimiter),
  HOME: folder,
  AZURE_CONFIG_DIR: folder,
  AZURE_CORE_COLLECT_TELEMETRY: '0',
  AZURE_CORE_NO_COLOR: '1',
  // Nobody sits at the keyboard to choose a subscription or to agree to an extension.
  AZURE_CORE_LOGIN_EXPERIENCE_V2: 'off',
  AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no',
  LANG: 'C.UTF-8',
  // Versions before 2.54 tell a token's end in local time without saying which.
  TZ: 'UTC',
});
