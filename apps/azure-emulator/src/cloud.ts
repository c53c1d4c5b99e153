import type { FastifyInstance } from 'fastify';
import type { Addresses } from './addresses.ts';
import { CallLog } from './call-log.ts';
import type { DataFolder } from './data-folder.ts';
import { Directory } from './directory.ts';
import { AuthorizationCodes } from './entra/authorization-codes.ts';
import { DeviceRequests } from './entra/device-requests.ts';
import { changeLevers, leversSchema, type Levers } from './levers.ts';
import { registrationsFor, type AppSettings, type Registration } from './registrations.ts';
import { loadSeal, type Seal } from './sealing.ts';
import { SigningKeys } from './signing-keys.ts';

/** The whole state of the emulated Azure. */
export interface Cloud {
  directory: Directory;
  signingKeys: SigningKeys;
  seal: Seal;
  codes: AuthorizationCodes;
  devices: DeviceRequests;
  /** Where a refresh token counts once: those that were used. */
  spentRefreshTokens: Set<string>;
  log: CallLog;
  levers: Levers;
  registrations(): Registration[];
  now(): number;
  change(levers: Record<string, unknown>): void;
  reset(): void;
}

/** One door into the cloud: the same state under the addresses that its callers know. */
export interface Site {
  cloud: Cloud;
  addresses: Addresses;
}

export type Routes = (app: FastifyInstance, site: Site) => Promise<void> | void;

export async function createCloud(folder: DataFolder, app: AppSettings): Promise<Cloud> {
  const untouched = () =>
    leversSchema.parse({
      registration: {
        redirectUris: app.redirectUris,
        logoutUrl: app.logoutUrl,
        secrets: app.secrets,
        certificate: app.certificate,
      },
    });
  const cloud: Cloud = {
    directory: new Directory(),
    signingKeys: await SigningKeys.load(folder),
    seal: loadSeal(folder),
    codes: new AuthorizationCodes(),
    devices: new DeviceRequests(),
    spentRefreshTokens: new Set(),
    log: new CallLog(),
    levers: untouched(),
    registrations: () => registrationsFor({ clientId: app.clientId, ...cloud.levers.registration }),
    now: () => Date.now() + cloud.levers.tokens.clockOffsetSeconds * 1000,
    change(levers) {
      cloud.levers = changeLevers(cloud.levers, levers);
    },
    reset() {
      cloud.levers = untouched();
      cloud.directory.reset();
      cloud.spentRefreshTokens.clear();
      cloud.log.clear();
    },
  };
  return cloud;
}
