import { issuerOf } from './addresses.ts';
import type { Routes } from './cloud.ts';
import { ownTenant } from './entra/tenant.ts';

type Path = { Params: { tenant: string } };

/** The OpenID Connect metadata. Pages for browsers are plain http, everything for servers is https. */
export const discovery: Routes = (app, { cloud, addresses }) => {
  app.get<Path>('/:tenant/v2.0/.well-known/openid-configuration', { preHandler: ownTenant }, ({ params }) => {
    const { authority, pages, graph } = addresses;
    const { tenant } = params;
    const { set, remove } = cloud.levers.discovery;
    // Entra's tenant-independent metadata names the issuer as a pattern.
    const issuerTenant = isShared(tenant) ? '{tenantid}' : undefined;
    const metadata: Record<string, unknown> = {
      issuer: issuerOf(addresses, issuerTenant),
      authorization_endpoint: `${pages}/${tenant}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/${tenant}/oauth2/v2.0/token`,
      device_authorization_endpoint: `${authority}/${tenant}/oauth2/v2.0/devicecode`,
      jwks_uri: `${authority}/${tenant}/discovery/v2.0/keys`,
      userinfo_endpoint: `${graph}/oidc/userinfo`,
      end_session_endpoint: `${pages}/${tenant}/oauth2/v2.0/logout`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      response_types_supported: ['code'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      claims_supported:
        'sub iss aud exp iat auth_time acr nonce preferred_username name tid ver at_hash c_hash email'.split(
          ' ',
        ),
      http_logout_supported: true,
      frontchannel_logout_supported: true,
      request_uri_parameter_supported: false,
      tenant_region_scope: 'EU',
      cloud_instance_name: 'microsoftonline.com',
      cloud_graph_host_name: 'graph.windows.net',
      msgraph_host: 'graph.microsoft.com',
      ...set,
    };
    remove.forEach((name) => delete metadata[name]);
    return metadata;
  });

  app.get('/common/discovery/instance', () => {
    const { host } = new URL(addresses.authority);
    return {
      tenant_discovery_endpoint: `${addresses.authority}/common/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    };
  });
};

export const keys: Routes = (app, { cloud, addresses }) => {
  app.get<Path>('/:tenant/discovery/v2.0/keys', { preHandler: ownTenant }, ({ params }) => {
    const issuer = issuerOf(addresses, isShared(params.tenant) ? '{tenantid}' : undefined);
    return { keys: cloud.signingKeys.published.map((key) => ({ ...key, issuer })) };
  });
};

function isShared(tenant: string): boolean {
  return tenant === 'common' || tenant === 'organizations';
}
