import { describe, expect, it } from 'vitest';
import { EnvironmentError, type EnvironmentFault, readSlice } from '#platform';
import { AuthConfig, readClientCertificate } from './auth-config.ts';
import { authEnvironment } from './auth-environment.ts';

const tenant = '7C0DE000-a2e0-4c05-8050-c0c0a0000001';
const group = '9a0b0000-0000-4000-8000-00000000AD01';
const good = {
  AZURE_TENANT_ID: tenant,
  AZURE_CLIENT_ID: '5a1e0000-e27a-4da0-8000-0000000c11e0',
  AZURE_CLIENT_SECRET: 'canary~secret~value',
};

function read(changes: Record<string, string | undefined> = {}) {
  const faults: EnvironmentFault[] = [];
  const values = readSlice(authEnvironment, { ...good, ...changes }, faults);
  return { values, faults, variables: faults.map(({ variable }) => variable) };
}

describe('the environment of sign-in', () => {
  it('needs tenant, application and its credential, and is strict where nothing else is said', () => {
    const { values, faults } = read();
    expect(faults).toEqual([]);
    expect(values).toMatchObject({
      AUTH_METHODS: ['authorization_code'],
      ROLE_MAPPINGS: [],
      ALLOWED_TENANTS: [],
    });
    expect(values.DEFAULT_ROLE).toBeUndefined();
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['AZURE_TENANT_ID', { AZURE_TENANT_ID: undefined }],
    ['AZURE_TENANT_ID', { AZURE_TENANT_ID: 'contoso.onmicrosoft.com' }],
    ['AZURE_TENANT_ID', { AZURE_TENANT_ID: 'consumers' }],
    ['AZURE_TENANT_ID', { AZURE_TENANT_ID: '00000000' }],
    ['ALLOWED_TENANTS', { AZURE_TENANT_ID: 'common' }],
    ['ALLOWED_TENANTS', { AZURE_TENANT_ID: 'organizations' }],
    ['ALLOWED_TENANTS', { AZURE_TENANT_ID: 'common', ALLOWED_TENANTS: ' , ' }],
    ['ALLOWED_TENANTS', { AZURE_TENANT_ID: 'common', ALLOWED_TENANTS: '*' }],
    ['ALLOWED_TENANTS', { ALLOWED_TENANTS: 'contoso.com' }],
    ['AZURE_CLIENT_ID', { AZURE_CLIENT_ID: 'entrada' }],
    ['AZURE_CLIENT_SECRET', { AZURE_CLIENT_SECRET: undefined }],
    ['AZURE_CLIENT_SECRET', { AZURE_CLIENT_SECRET: 'short' }],
    ['AZURE_CLIENT_SECRET', { AZURE_CLIENT_SECRET: 'Your-Client-Secret' }],
    ['AZURE_CLIENT_SECRET', { AZURE_CLIENT_SECRET: 'changeme' }],
    ['AZURE_CLIENT_SECRET', { AZURE_CLIENT_SECRET: 'change-me' }],
    ['AZURE_CLIENT_SECRET', { AZURE_CLIENT_SECRET: 'password' }],
    ['AZURE_REDIRECT_URI', { AZURE_REDIRECT_URI: 'http://chat.example.org/api/auth/callback' }],
    ['AZURE_AUTHORITY_HOST', { AZURE_AUTHORITY_HOST: 'http://localhost:4010' }],
    ['AZURE_AUTHORITY_HOST', { AZURE_AUTHORITY_HOST: 'https://login.example.org/tenant' }],
    ['AZURE_AUTHORITY_HOST', { AZURE_AUTHORITY_HOST: 'https://user@login.example.org' }],
    ['AZURE_AUTHORITY_HOST', { AZURE_AUTHORITY_HOST: 'https://login.example.org?x' }],
    ['GRAPH_URL', { GRAPH_URL: 'http://graph.example.org' }],
    ['AUTH_METHODS', { AUTH_METHODS: 'password' }],
    ['AUTH_METHODS', { AUTH_METHODS: 'authorization_code,' }],
    ['ROLE_MAPPINGS', { ROLE_MAPPINGS: 'Administrators:admin' }],
    ['ROLE_MAPPINGS', { ROLE_MAPPINGS: group }],
    ['ROLE_MAPPINGS', { ROLE_MAPPINGS: `${group}:superuser` }],
    ['ROLE_MAPPINGS', { ROLE_MAPPINGS: `${group}:__proto__` }],
    ['ROLE_MAPPINGS', { ROLE_MAPPINGS: `${group}:admin`, ALLOWED_ROLES: 'user' }],
    ['ALLOWED_ROLES', { ALLOWED_ROLES: 'user,root' }],
    ['DEFAULT_ROLE', { DEFAULT_ROLE: 'everything' }],
    ['DEFAULT_ROLE', { DEFAULT_ROLE: 'admin', ALLOWED_ROLES: 'user' }],
    ['SESSION_IDLE_MINUTES', { SESSION_IDLE_MINUTES: '0' }],
    ['SESSION_ABSOLUTE_HOURS', { SESSION_ABSOLUTE_HOURS: '1e9' }],
    ['SESSION_REMEMBER_DAYS', { SESSION_REMEMBER_DAYS: '3650' }],
    ['SESSION_MAX_PER_USER', { SESSION_MAX_PER_USER: '0' }],
    ['TOKEN_REFRESH_BUFFER_SECS', { TOKEN_REFRESH_BUFFER_SECS: '-300' }],
  ])('CFG-01: refuses a wrong %s: %j', (variable, changes) => {
    const { faults, variables } = read(changes);
    expect(variables).toEqual([variable]);
    expect(faults[0]?.problem).toMatch(/write|is not|set/);
    expect(new EnvironmentError(faults).message).not.toMatch(
      /canary|changeme|change-me\b|Your-Client-Secret/,
    );
  });

  it('CFG-01: tells all faults at once', () => {
    const wrong = {
      AZURE_TENANT_ID: 'x',
      AZURE_CLIENT_SECRET: 'x',
      ROLE_MAPPINGS: 'x',
      SESSION_IDLE_MINUTES: 'x',
    };
    expect(read(wrong).variables).toEqual([
      'AZURE_TENANT_ID',
      'AZURE_CLIENT_SECRET',
      'ROLE_MAPPINGS',
      'SESSION_IDLE_MINUTES',
    ]);
  });
});

describe('the configuration of sign-in', () => {
  const configWith = (changes: Record<string, string>, publicUrl = 'https://chat.example.org') =>
    new AuthConfig(read(changes).values, publicUrl);

  it('knows tenants and groups in one spelling, as they are compared', () => {
    const config = configWith({ ROLE_MAPPINGS: ` ${group} : admin , ${group}:auditor` });
    expect(config.tenants).toEqual([tenant.toLowerCase()]);
    expect(config.roleMappings).toEqual([
      { group: group.toLowerCase(), role: 'admin' },
      { group: group.toLowerCase(), role: 'auditor' },
    ]);
  });

  it('lets in the listed tenants and no others', () => {
    expect(configWith({ AZURE_TENANT_ID: 'common', ALLOWED_TENANTS: tenant }).tenants).toEqual([
      tenant.toLowerCase(),
    ]);
  });

  it('takes the redirect address from PUBLIC_URL, never from a request', () => {
    expect(configWith({}).redirectUri).toBe('https://chat.example.org/api/auth/callback');
    expect(configWith({ AZURE_REDIRECT_URI: 'https://other.example.org/cb' }).redirectUri).toBe(
      'https://other.example.org/cb',
    );
  });

  it('CFG-01: a certificate that cannot be read is a fault that names the path and nothing else', () => {
    const faults: EnvironmentFault[] = [];
    expect(readClientCertificate('/nowhere/cert.pem', faults)).toBeUndefined();
    expect(faults).toMatchObject([{ variable: 'AZURE_CLIENT_CERTIFICATE_PATH' }]);
  });
});
