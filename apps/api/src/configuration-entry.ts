import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditLog } from '#audit';
import { version } from './version.ts';

/** What is told with its value. Of every other variable only that it was set: it may be a secret, or become one. */
const told = new Set([
  ...[
    'PUBLIC_URL',
    'HOST',
    'PORT',
    'DATABASE_POOL_SIZE',
    'DATABASE_STATEMENT_SECS',
    'TRUSTED_PROXIES',
    'LOG_LEVEL',
  ],
  ...[
    'AUDIT_RETENTION_DAYS',
    'AUDIT_STREAM',
    'AUTH_METHODS',
    'ROLE_MAPPINGS',
    'ALLOWED_ROLES',
    'DEFAULT_ROLE',
  ],
  ...['AZURE_TENANT_ID', 'ALLOWED_TENANTS', 'AZURE_CLIENT_ID', 'AZURE_REDIRECT_URI', 'AZURE_AUTHORITY_HOST'],
  ...[
    'GRAPH_URL',
    'API_AUDIENCE',
    'AZURE_OPENAI_ENDPOINT',
    'AZURE_OPENAI_DEPLOYMENT',
    'AZURE_OPENAI_DEPLOYMENTS',
  ],
  ...['AZURE_OPENAI_API_VERSION', 'AZURE_OPENAI_SCOPE', 'SESSION_IDLE_MINUTES', 'SESSION_ABSOLUTE_HOURS'],
  ...['SESSION_REMEMBER_DAYS', 'SESSION_MAX_PER_USER', 'TOKEN_REFRESH_BUFFER_SECS'],
  ...['TOKEN_REFRESH_CHECK_INTERVAL_SECS', 'DAILY_TOKEN_QUOTA'],
]);
const longestValue = 500;

/** The declared variables that are set, sorted, those that may be told with their values. */
export function describeSettings(
  declared: readonly string[],
  source: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const set = declared.flatMap((name) => {
    const value = source[name]?.trim();
    return value ? [[name, told.has(name) ? value.slice(0, longestValue) : 'set'] as const] : [];
  });
  return Object.fromEntries(set.toSorted(([one], [other]) => one.localeCompare(other)));
}

export const configuredSettings = Symbol('configured settings');

/** With which settings a process began: an instance whose start cannot be recorded does not start. */
@Injectable()
export class ConfigurationEntry implements OnApplicationBootstrap {
  constructor(
    private readonly audit: AuditLog,
    @Inject(configuredSettings) private readonly settings: Record<string, string>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.audit.record({
      action: 'configuration.loaded',
      details: { version, settings: this.settings },
    });
  }
}
