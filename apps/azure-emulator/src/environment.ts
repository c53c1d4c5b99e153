import type { Addresses } from './addresses.ts';
import { DEPLOYMENT_LABELS } from './openai/deployments.ts';
import { ROLE_GROUPS, TENANT } from './people.ts';
import type { EmulatorSettings } from './settings.ts';

/** What a product needs in its environment to take this for its Azure. */
export function environmentFor(settings: EmulatorSettings, addresses: Addresses, caFile: string) {
  const deployments = Object.entries(DEPLOYMENT_LABELS);
  return {
    AZURE_TENANT_ID: TENANT.id,
    AZURE_CLIENT_ID: settings.clientId,
    AZURE_CLIENT_SECRET: settings.clientSecret,
    AZURE_AUTHORITY_HOST: addresses.authority,
    GRAPH_URL: addresses.graph,
    AZURE_OPENAI_ENDPOINT: addresses.authority,
    AZURE_OPENAI_DEPLOYMENT: deployments[0]![0],
    AZURE_OPENAI_DEPLOYMENTS: deployments.map((pair) => pair.join('=')).join(','),
    ROLE_MAPPINGS: Object.entries(ROLE_GROUPS)
      .map(([role, groupId]) => `${groupId}:${role}`)
      .join(','),
    NODE_EXTRA_CA_CERTS: caFile,
  };
}
