import { ownAddresses, REAL_HOSTS, realAddresses } from './addresses.ts';
import { createCloud } from './cloud.ts';
import { control } from './control.ts';
import { openDataFolder } from './data-folder.ts';
import { openDoors, portOf } from './doors.ts';
import { environmentFor } from './environment.ts';
import { TENANT, type Person } from './people.ts';
import { withDefaults, type EmulatorOptions } from './settings.ts';
import { createSite } from './site.ts';
import { loadTls } from './tls.ts';

export type { EmulatorOptions } from './settings.ts';
export type Emulator = Awaited<ReturnType<typeof startEmulator>>;

/** One cloud, and the doors through which it is reached. */
export async function startEmulator(options: EmulatorOptions) {
  const settings = withDefaults(options);
  const folder = openDataFolder(settings.dataDir);
  const tls = await loadTls(folder, hostNames(settings.httpsUrl));
  const cloud = await createCloud(folder, {
    clientId: settings.clientId,
    secrets: [settings.clientSecret],
    certificate: settings.clientCertificate,
    redirectUris: settings.redirectUris,
    logoutUrl: settings.logoutUrl,
  });

  const doors = await openDoors(settings, tls);
  const httpsUrl = settings.httpsUrl ?? `https://localhost:${portOf(doors.https)}`;
  const httpUrl = settings.httpUrl ?? `http://localhost:${portOf(doors.http)}`;
  const own = { cloud, addresses: ownAddresses(httpsUrl, httpUrl) };
  const real = { cloud, addresses: realAddresses(httpUrl) };
  doors.https.on('request', await createSite(own));
  doors.http.on('request', await createSite(own, control));
  doors.proxied.on('request', await createSite(real));

  return {
    httpsUrl,
    httpUrl,
    proxyUrl: `http://localhost:${portOf(doors.proxy)}`,
    caFile: tls.caFile,
    tenantId: TENANT.id,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    people: cloud.directory.people.map(introduce),
    env: environmentFor(settings, own.addresses, tls.caFile),
    stop: doors.close,
  };
}

function introduce({ alias, id, displayName, mail, about }: Person) {
  return { alias, id, displayName, mail, about };
}

function hostNames(httpsUrl: string | undefined): string[] {
  const names = ['localhost', '127.0.0.1', ...REAL_HOSTS, 'cognitiveservices.azure.com'];
  return httpsUrl ? [...new Set([...names, new URL(httpsUrl).hostname])] : names;
}
