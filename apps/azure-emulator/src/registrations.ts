/** What "App registrations" and "Enterprise applications" of the emulated tenant hold. */
export interface Resource {
  name: string;
  appId: string;
  /** As it may stand before the permission in a scope, without slashes at the end. */
  identifiers: string[];
  audience: string;
  tokenVersion: 1 | 2;
}

export interface Registration {
  clientId: string;
  name: string;
  /** Several at a time, as while one is being replaced; none for a public client. */
  secrets: string[];
  /** PEM; with it a client assertion is verified, without it only looked at. */
  certificate: string | null;
  allowsPublicFlows: boolean;
  redirectUris: string[];
  logoutUrl: string | null;
  /** Delegated permissions that were granted, by the resource's name. */
  permissions: Record<string, string[]>;
}

export const GRAPH = 'Microsoft Graph';
const OPENAI = 'Azure Cognitive Services';
const MANAGEMENT = 'Azure Service Management';
export const OIDC_SCOPES = ['openid', 'profile', 'email', 'offline_access'];

export const RESOURCES: Resource[] = [
  {
    name: GRAPH,
    appId: '00000003-0000-0000-c000-000000000000',
    identifiers: ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'],
    audience: 'https://graph.microsoft.com',
    tokenVersion: 1,
  },
  {
    name: OPENAI,
    appId: '7d312290-28c8-473c-a0ed-8e53749b6d6d',
    identifiers: ['https://cognitiveservices.azure.com', '7d312290-28c8-473c-a0ed-8e53749b6d6d'],
    audience: 'https://cognitiveservices.azure.com',
    tokenVersion: 1,
  },
  {
    name: MANAGEMENT,
    appId: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
    identifiers: ['https://management.core.windows.net', 'https://management.azure.com'],
    audience: 'https://management.core.windows.net/',
    tokenVersion: 1,
  },
];

const AZURE_CLI: Registration = {
  clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
  name: 'Microsoft Azure CLI',
  secrets: [],
  certificate: null,
  allowsPublicFlows: true,
  redirectUris: ['http://localhost', 'https://login.microsoftonline.com/common/oauth2/nativeclient'],
  logoutUrl: null,
  permissions: {
    [GRAPH]: [
      'User.Read.All',
      'Group.ReadWrite.All',
      'Directory.AccessAsUser.All',
      'email',
      'openid',
      'profile',
    ],
    [OPENAI]: ['user_impersonation'],
    [MANAGEMENT]: ['user_impersonation'],
  },
};

export type AppSettings = Pick<
  Registration,
  'clientId' | 'secrets' | 'certificate' | 'redirectUris' | 'logoutUrl'
>;

/** Entrada itself, and the Azure CLI as it is known in every tenant. */
export function registrationsFor(settings: AppSettings): Registration[] {
  const entrada: Registration = {
    ...settings,
    name: 'Entrada',
    allowsPublicFlows: true,
    permissions: {
      [GRAPH]: ['User.Read', 'GroupMember.Read.All', 'email', 'openid', 'profile'],
      [OPENAI]: ['user_impersonation'],
      [appResourceName(settings.clientId)]: ['access_as_user'],
    },
  };
  const azureCli: Registration = {
    ...AZURE_CLI,
    permissions: { ...AZURE_CLI.permissions, [appResourceName(settings.clientId)]: ['access_as_user'] },
  };
  return [entrada, azureCli];
}

/** The app as an API of its own: what scripts ask a token for before they call Entrada. */
export function appResource(clientId: string, tokenVersion: 1 | 2): Resource {
  return {
    name: appResourceName(clientId),
    appId: clientId,
    identifiers: [`api://${clientId}`, clientId],
    audience: tokenVersion === 2 ? clientId : `api://${clientId}`,
    tokenVersion,
  };
}

function appResourceName(clientId: string): string {
  return `api://${clientId}`;
}
