import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Role } from '#contracts';
import type { EnvironmentFault } from '#platform';
import type { AuthEnvironment } from './auth-environment.ts';
import type { AzureCliSettings } from './azure-cli-settings.ts';

export interface ClientCertificate {
  thumbprintSha256: string;
  privateKey: string;
  x5c: string;
}

/** Auth's part of the configuration, as the code reads it; also its injection token. */
export class AuthConfig {
  readonly tenantId: string;
  /** Tenants whose people may sign in. */
  readonly tenants: readonly string[];
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly redirectUri: string;
  readonly azureConfigBaseDir: string;
  readonly authorityHost: string;
  readonly graphUrl: string;
  readonly openAiScope: string;
  /** Of access tokens that Entra issues for us: version 1 names the API by its URI, version 2 by the client id. */
  readonly apiAudiences: readonly string[];
  readonly methods: AuthEnvironment['AUTH_METHODS'];
  readonly roleMappings: readonly { group: string; role: Role }[];
  readonly allowedRoles: readonly Role[];
  readonly defaultRole: Role | undefined;
  readonly sessionIdleMinutes: number;
  readonly sessionAbsoluteMinutes: number;
  readonly sessionRememberMinutes: number;
  readonly sessionMaxPerUser: number;
  readonly refreshBufferSeconds: number;
  /** Cookies are Secure and carry the __Host- prefix. */
  readonly isHttps: boolean;

  constructor(
    values: AuthEnvironment,
    readonly publicUrl: string,
    readonly clientCertificate?: ClientCertificate,
    readonly azureCli?: AzureCliSettings,
  ) {
    this.azureConfigBaseDir = resolve(values.AZURE_CONFIG_BASE_DIR);
    this.tenantId = values.AZURE_TENANT_ID.toLowerCase();
    this.tenants =
      values.ALLOWED_TENANTS.length > 0
        ? values.ALLOWED_TENANTS.map((id) => id.toLowerCase())
        : [this.tenantId];
    this.clientId = values.AZURE_CLIENT_ID;
    this.clientSecret = values.AZURE_CLIENT_SECRET;
    this.redirectUri = values.AZURE_REDIRECT_URI ?? `${publicUrl}/api/auth/callback`;
    this.authorityHost = values.AZURE_AUTHORITY_HOST;
    this.graphUrl = values.GRAPH_URL;
    this.openAiScope = values.AZURE_OPENAI_SCOPE;
    this.apiAudiences = [values.API_AUDIENCE ?? `api://${values.AZURE_CLIENT_ID}`, values.AZURE_CLIENT_ID];
    this.methods = values.AUTH_METHODS;
    this.roleMappings = values.ROLE_MAPPINGS as { group: string; role: Role }[];
    this.allowedRoles = values.ALLOWED_ROLES;
    this.defaultRole = values.DEFAULT_ROLE;
    this.sessionIdleMinutes = values.SESSION_IDLE_MINUTES;
    this.sessionAbsoluteMinutes = values.SESSION_ABSOLUTE_HOURS * 60;
    this.sessionRememberMinutes = values.SESSION_REMEMBER_DAYS * 24 * 60;
    this.sessionMaxPerUser = values.SESSION_MAX_PER_USER;
    this.refreshBufferSeconds = values.TOKEN_REFRESH_BUFFER_SECS;
    this.isHttps = publicUrl.startsWith('https://');
  }
}

/** Reads the PEM file that AZURE_CLIENT_CERTIFICATE_PATH names; a fault where it does not hold both parts. */
export function readClientCertificate(
  path: string | undefined,
  faults: EnvironmentFault[],
): ClientCertificate | undefined {
  if (!path) return undefined;
  try {
    const pem = readFileSync(path, 'utf8');
    const x5c = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem)?.[0];
    const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/.exec(
      pem,
    )?.[0];
    if (!x5c || !privateKey) throw new Error('incomplete');
    const thumbprintSha256 = createHash('sha256').update(new X509Certificate(x5c).raw).digest('hex');
    return { thumbprintSha256, privateKey, x5c };
  } catch {
    const problem = `write the path of a readable PEM file with a certificate and its private key (${path} is none)`;
    faults.push({ variable: 'AZURE_CLIENT_CERTIFICATE_PATH', problem });
    return undefined;
  }
}
