import { z } from 'zod';
import { type Role, roles, roleSchema, signInMethods } from '#contracts';
import { type EnvironmentFault, environmentSlice, listVariable, numberVariable, serviceUrl } from '#platform';
import { oneTenant } from './one-tenant.ts';

const guid = z.guid('write a GUID, as shown in the Entra admin center');
const severalTenants = new Set(['common', 'organizations']);
const guesses = new Set([
  'secret',
  'password',
  'changeme',
  'change-me',
  'your-client-secret',
  'client-secret',
]);

const roleList = (text: string, context: z.RefinementCtx): Role[] =>
  text.split(',').map((name) => {
    const role = roleSchema.safeParse(name.trim());
    if (!role.success) context.addIssue(`“${name.trim()}” is not a role; write any of ${roles.join(', ')}`);
    return role.data ?? 'viewer';
  });

const roleMappings = z.string().transform((text, context) =>
  text
    .split(',')
    .filter((entry) => entry.trim())
    .map((entry) => {
      const [group = '', role = ''] = entry.split(':').map((part) => part.trim());
      if (!guid.safeParse(group).success || !role)
        context.addIssue('write group-object-id:role, comma-separated');
      return { group: group.toLowerCase(), role };
    }),
);

export const authEnvironment = environmentSlice({
  title: 'Microsoft Entra ID, sessions and roles',
  variables: z.object({
    AZURE_TENANT_ID: z.union([guid, z.enum(['common', 'organizations'])], 'write the tenant’s GUID').meta({
      description: 'The tenant of the app registration. common and organizations need ALLOWED_TENANTS.',
      example: '00000000-0000-0000-0000-000000000000',
    }),
    ALLOWED_TENANTS: listVariable
      .refine((list) => list.every((id) => guid.safeParse(id).success), 'write tenant GUIDs, comma-separated')
      .default([])
      .meta({
        description: 'Tenants whose people may sign in, where AZURE_TENANT_ID is common or organizations.',
      }),
    AZURE_CLIENT_ID: guid.meta({
      description: 'Application (client) ID of the app registration.',
      example: '00000000-0000-0000-0000-000000000000',
    }),
    AZURE_CLIENT_SECRET: z
      .string()
      .min(8, 'write the secret’s value; this is too short to be one')
      .refine(
        (secret) => !guesses.has(secret.toLowerCase()),
        'write the secret’s value; this is a placeholder',
      )
      .optional()
      .meta({ description: 'Client secret. This or AZURE_CLIENT_CERTIFICATE_PATH is required.' }),
    AZURE_CLIENT_CERTIFICATE_PATH: z
      .string()
      .optional()
      .meta({ description: 'PEM file with the certificate and its private key, instead of a secret.' }),
    AZURE_REDIRECT_URI: serviceUrl
      .optional()
      .meta({ description: 'PUBLIC_URL/api/auth/callback when not set. Must equal the one registered.' }),
    AZURE_AUTHORITY_HOST: serviceUrl
      .refine(
        (url) => url.startsWith('https://') && new URL(url).pathname === '/',
        'write https://host, without a path',
      )
      .default('https://login.microsoftonline.com')
      .meta({ description: 'Sovereign clouds change it. Always https.' }),
    GRAPH_URL: serviceUrl.default('https://graph.microsoft.com').meta({ description: 'Microsoft Graph.' }),
    AZURE_OPENAI_SCOPE: z
      .string()
      .min(1)
      .default('https://cognitiveservices.azure.com/.default')
      .meta({ description: 'Requested with the credential of the person who chats.' }),
    API_AUDIENCE: z.string().optional().meta({
      description: 'Audience of Entra bearer tokens of API callers; api://AZURE_CLIENT_ID when not set.',
    }),
    AUTH_METHODS: z
      .string()
      .transform((text) => text.split(',').map((method) => method.trim()))
      .pipe(
        z.array(z.enum(signInMethods, `write any of ${signInMethods.join(', ')}, comma-separated`)).min(1),
      )
      .default(['authorization_code'])
      .meta({ description: 'Ways to sign in. One that is not named answers 404 and is not shown.' }),
    AZURE_CONFIG_BASE_DIR: z.string().default('./data/azure').meta({
      description:
        'azure_cli: the folders of pending logins and of people, mode 0700. Shared by all processes of the API.',
    }),
    AZURE_CLI_PATH: z
      .string()
      .default('az')
      .meta({ description: 'azure_cli: the executable, version 2.37 or newer.' }),
    HTTPS_PROXY: z.string().optional().meta({
      description: 'azure_cli: the proxy of the Azure CLI. The API’s own calls go out directly.',
    }),
    NO_PROXY: z
      .string()
      .optional()
      .meta({ description: 'azure_cli: hosts that it reaches without the proxy.' }),
    REQUESTS_CA_BUNDLE: z.string().optional().meta({
      description: 'azure_cli: PEM file of the authorities that it trusts, for a proxy that inspects.',
    }),
    ROLE_MAPPINGS: roleMappings
      .default([])
      .meta({ description: 'group-object-id:role, comma-separated. Several groups add up.' }),
    ALLOWED_ROLES: z
      .string()
      .transform(roleList)
      .default([...roles])
      .meta({ description: 'Roles a mapping may give.' }),
    DEFAULT_ROLE: z
      .enum(roles, `write one of ${roles.join(', ')}`)
      .optional()
      .meta({
        description: 'For people in no mapped group. Not set: they are refused, with a page that says so.',
      }),
    SESSION_IDLE_MINUTES: numberVariable(1, 1440)
      .default(60)
      .meta({ description: 'Sliding; only a request by the person slides it.' }),
    SESSION_ABSOLUTE_HOURS: numberVariable(1, 720).default(24).meta({ description: 'Never passed.' }),
    SESSION_REMEMBER_DAYS: numberVariable(1, 90)
      .default(7)
      .meta({ description: 'Absolute and idle lifetime when “keep me signed in” was ticked.' }),
    SESSION_MAX_PER_USER: numberVariable(1, 1000)
      .default(10)
      .meta({ description: 'The oldest is ended, with an audit entry.' }),
    TOKEN_REFRESH_BUFFER_SECS: numberVariable(30, 3600)
      .default(300)
      .meta({ description: 'Refresh a token this long before it expires.' }),
    TOKEN_REFRESH_CHECK_INTERVAL_SECS: numberVariable(1, 3600)
      .default(60)
      .meta({ description: 'How often the scheduler looks.' }),
  }),
  check: (values) => {
    const faults: EnvironmentFault[] = [];
    if (!values.AZURE_CLIENT_SECRET && !values.AZURE_CLIENT_CERTIFICATE_PATH) {
      faults.push({
        variable: 'AZURE_CLIENT_SECRET',
        problem: 'is not set: write the client secret, or set AZURE_CLIENT_CERTIFICATE_PATH',
      });
    }
    if (severalTenants.has(values.AZURE_TENANT_ID ?? '') && !values.ALLOWED_TENANTS?.length) {
      faults.push({
        variable: 'ALLOWED_TENANTS',
        problem: `is not set: AZURE_TENANT_ID=${values.AZURE_TENANT_ID} lets any tenant in without it`,
      });
    }
    if (values.AUTH_METHODS?.includes('azure_cli') && !oneTenant(values)) {
      faults.push({
        variable: 'AUTH_METHODS',
        problem:
          'azure_cli signs in at one tenant: write its GUID into AZURE_TENANT_ID, or name only one in ALLOWED_TENANTS',
      });
    }
    const allowed = values.ALLOWED_ROLES ?? [];
    for (const { role } of values.ROLE_MAPPINGS ?? []) {
      if (!allowed.includes(role as Role)) {
        faults.push({
          variable: 'ROLE_MAPPINGS',
          problem: `“${role}” is not one of ALLOWED_ROLES (${allowed.join(', ')})`,
        });
      }
    }
    if (values.DEFAULT_ROLE && !allowed.includes(values.DEFAULT_ROLE)) {
      faults.push({
        variable: 'DEFAULT_ROLE',
        problem: `“${values.DEFAULT_ROLE}” is not one of ALLOWED_ROLES (${allowed.join(', ')})`,
      });
    }
    return faults;
  },
});

export type AuthEnvironment = ReturnType<typeof authEnvironment.variables.parse>;
