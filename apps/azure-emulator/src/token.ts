import type { Routes } from './cloud.ts';
import { identifyClient, type Parameters } from './entra/client-authentication.ts';
import { refuse } from './entra/errors.ts';
import { GRANTS } from './entra/grants.ts';
import { ownTenant } from './entra/tenant.ts';

export const token: Routes = (app, site) => {
  app.post('/:tenant/oauth2/v2.0/token', { preHandler: ownTenant }, async (request, reply) => {
    const { call, headers } = request;
    const parameters = (request.body ?? {}) as Parameters;
    const grantType = parameters.grant_type;
    Object.assign(call, { grant: shortName(grantType), clientId: parameters.client_id });
    const client = await identifyClient(site.cloud, parameters, headers.authorization);
    call.clientId = client.registration.clientId;
    const redeem = Object.hasOwn(GRANTS, grantType ?? '') ? GRANTS[grantType!] : undefined;
    if (!redeem) throw refuse('grantUnsupported', grantType);
    reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    return redeem({ site, call, client, parameters });
  });
};

/** For the log: "device_code" by either of its names, "on_behalf_of" for what is spelled jwt-bearer. */
function shortName(grantType: string | undefined): string | undefined {
  const name = grantType?.split(':').at(-1);
  return name === 'jwt-bearer' ? 'on_behalf_of' : name;
}
