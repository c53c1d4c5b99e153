import { z } from 'zod';
import type { EncryptionKey } from '../crypto/sealer.ts';
import { environmentSlice, listVariable, numberVariable, serviceUrl } from './environment.ts';

const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/.+/, 'write postgres://user:password@host:5432/database');

const redisUrl = z
  .string()
  .refine(isRedisAddress, 'write redis://user:password@host:6379, or rediss:// for TLS');

function isRedisAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return (
    /^rediss?:$/.test(url?.protocol ?? '') && url?.hostname !== '' && /^(\/\d*)?$/.test(url?.pathname ?? '')
  );
}

const encryptionKeys = z.string().transform((text, context): [EncryptionKey, ...EncryptionKey[]] => {
  const keys = text.split(',').map((entry) => {
    const [, id = '', encoded = ''] = /^\s*([\w.-]{1,64}):([A-Za-z0-9+/_-]+=*)\s*$/.exec(entry) ?? [];
    return { id, key: Buffer.from(encoded, 'base64') };
  });
  const distinctIds = new Set(keys.map(({ id }) => id)).size === keys.length;
  const weak = keys.some(({ id, key }) => !id || key.length !== 32 || new Set(key).size < 8);
  const [first, ...rest] = keys;
  if (!first || weak || !distinctIds) {
    context.addIssue(
      'write id:base64(32 random bytes), comma-separated, each id once (openssl rand -base64 32)',
    );
    return z.NEVER;
  }
  return [first, ...rest];
});

export const platformEnvironment = environmentSlice({
  title: 'Server and storage',
  variables: z.object({
    PUBLIC_URL: serviceUrl
      .refine((url) => new URL(url).pathname === '/', 'write the origin alone, without a path')
      .meta({ description: 'The one origin the browser sees.', example: 'https://chat.example.org' }),
    HOST: z.string().default('127.0.0.1').meta({ description: 'Where the API listens.' }),
    PORT: numberVariable(0, 65535).default(3000).meta({ description: 'The port the API listens on.' }),
    DATABASE_URL: databaseUrl.meta({
      description: 'Postgres 15 or newer.',
      example: 'postgres://entrada:password@localhost:5432/entrada',
    }),
    DATABASE_OWNER_URL: databaseUrl.optional().meta({
      description:
        'Runs the migrations at start; DATABASE_URL when not set. Where it differs, the role of DATABASE_URL gets no more than it needs.',
    }),
    MIGRATE_AT_START: z.enum(['true', 'false'], 'write true or false').default('true').meta({
      description:
        'false: a job of its own runs the migrations (npm run migrate), and the API refuses to start before it has.',
    }),
    DATABASE_POOL_SIZE: numberVariable(1, 200)
      .default(10)
      .meta({ description: 'Connections per API process, besides three that are reserved.' }),
    DATABASE_STATEMENT_SECS: numberVariable(1, 300)
      .default(15)
      .meta({ description: 'The longest that a statement may run; then Postgres ends it.' }),
    REDIS_URL: redisUrl.optional().meta({
      description: 'Redis or Valkey. Without it the API runs as one process, and a second one is refused.',
    }),
    SHUTDOWN_GRACE_SECS: numberVariable(0, 3600).default(20).meta({
      description: 'After SIGTERM: how long requests and answers that are under way may take to finish.',
    }),
    ENCRYPTION_KEYS: encryptionKeys.meta({
      description: 'id:base64(32 bytes), comma-separated. The first encrypts, all decrypt.',
      example: '2026-01:<openssl rand -base64 32>',
    }),
    TRUSTED_PROXIES: listVariable
      .refine(
        (list) => list.every((entry) => /^[\da-fA-F.:]+(\/\d{1,3})?$/.test(entry)),
        'write addresses or CIDR ranges, comma-separated',
      )
      .default([])
      .meta({ description: 'CIDRs whose X-Forwarded-* headers are believed.', example: '10.0.0.0/8' }),
    METRICS_TOKEN: z
      .string()
      .min(16, 'write at least 16 characters')
      .optional()
      .meta({ description: 'Bearer for /metrics; without it /metrics answers loopback only.' }),
    LOG_LEVEL: z
      .enum(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        'write one of error, warn, info, debug',
      )
      .default('info')
      .meta({ description: 'Least severe level that is written.' }),
  }),
});

/** The platform's part of the configuration; also its injection token. */
export abstract class PlatformConfig {
  abstract readonly publicUrl: string;
  abstract readonly encryptionKeys: readonly [EncryptionKey, ...EncryptionKey[]];
  /** Where several processes meet; without it there is one. */
  abstract readonly redisUrl?: string | undefined;
}
