import { Registry } from 'prom-client';
import { createLogger, EnvironmentError, isDatabaseUnavailable } from '#platform';
import { type AppConfig, readConfig } from './config.ts';
import { createApp } from './create-app.ts';
import { migrate, missingMigrationsAt } from './database/migrate.ts';
import { endInOrder, outliveRejections } from './processes/ending.ts';
import { startTelemetry } from './telemetry/telemetry.ts';

/** Something the operator can mend: one sentence on standard error, exit code 1. */
function refuseToStart(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function explain(error: unknown, { port, host }: { port: number; host: string }): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken. Stop what listens there, or set PORT.`;
  if (code === 'EACCES')
    return `Port ${port} on ${host} may not be used by this account. Set PORT to one above 1023.`;
  if (isDatabaseUnavailable(error))
    return `The database cannot be reached (${message}). Check DATABASE_URL and that Postgres runs.`;
  if (/^(28|3D)/.test(code ?? ''))
    return `The database refused the connection (${message}). Check DATABASE_URL.`;
  return `The API could not start: ${message}`;
}

async function bringSchemaUpToDate(
  { server, audit }: AppConfig,
  logger: ReturnType<typeof createLogger>,
): Promise<void> {
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl = url, MIGRATE_AT_START } = server;
  if (MIGRATE_AT_START === 'false') {
    const missing = await missingMigrationsAt(url);
    if (missing.length === 0) return;
    throw new Error(
      `the schema is older than this program, or its role has no rights there (${missing.join(', ')}). Run: npm run migrate`,
    );
  }
  const ran = await migrate({ url, ownerUrl, auditRetentionDays: audit.retentionDays });
  if (ran.length > 0) logger.info({ msg: 'the schema was brought up to date', migrations: ran });
}

async function start(): Promise<void> {
  const config = await readConfig(process.env);
  const { HOST: host, PORT: port, LOG_LEVEL, PUBLIC_URL } = config.server;
  const logger = createLogger(LOG_LEVEL);
  outliveRejections(logger);
  try {
    const telemetry = await startTelemetry(config.telemetry, [`${config.chat.endpoint}/openai/`], logger);
    await bringSchemaUpToDate(config, logger);
    const app = await createApp(config, logger);
    telemetry.tellMetrics(app.get(Registry));
    endInOrder(app, logger, telemetry);
    // Started by another process of ours: end with it, however it ended.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    await app.listen(port, host);
    logger.info({ msg: 'listening', publicUrl: PUBLIC_URL, address: await app.getUrl() });
  } catch (error) {
    logger.debug({ err: error });
    refuseToStart(explain(error, { port, host }));
  }
}

await start().catch((error: unknown) =>
  refuseToStart(
    error instanceof EnvironmentError ? error.message : `The API could not start: ${String(error)}`,
  ),
);
