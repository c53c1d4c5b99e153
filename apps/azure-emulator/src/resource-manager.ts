import { identifyCaller } from './bearer.ts';
import type { Routes } from './cloud.ts';
import { TENANT } from './people.ts';

const AUDIENCE = 'https://management.core.windows.net/';

/** As much of Azure Resource Manager as `az login` looks at: a tenant without subscriptions. */
export const management: Routes = (app, { cloud }) => {
  app.addHook('preHandler', async (request, reply) => {
    const caller = await identifyCaller(cloud, request.headers.authorization, AUDIENCE);
    if ('person' in caller) {
      const { person, claims } = caller;
      Object.assign(request.call, {
        person: person.alias,
        personId: person.id,
        tokenId: claims.uti,
        audience: claims.aud,
      });
      return;
    }
    const message = `Authentication failed: the access token is not good (${caller.problem}).`;
    return reply.code(401).send({ error: { code: 'InvalidAuthenticationToken', message } });
  });

  app.get('/subscriptions', () => ({ value: [], count: { type: 'Total', value: 0 } }));

  app.get('/tenants', () => ({
    value: [
      {
        id: `/tenants/${TENANT.id}`,
        tenantId: TENANT.id,
        displayName: TENANT.displayName,
        defaultDomain: TENANT.domains[0],
        domains: TENANT.domains,
        tenantCategory: 'Home',
        countryCode: 'US',
      },
    ],
  }));
};
