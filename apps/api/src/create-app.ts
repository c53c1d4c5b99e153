import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { Restoration } from '#auth';
import { NestLogger } from '#platform';
import { requireDeclaredAccess } from './access-declared.ts';
import { AppModule } from './app.module.ts';
import type { AppConfig } from './config.ts';
import { createAdapter, prepareServer } from './http-server.ts';
import { describeApi } from './openapi.ts';
import { ProcessLease } from './processes/process-lease.ts';
import { AuthenticatedIoAdapter } from './sockets/authenticated-io.adapter.ts';

/** The whole application, ready to listen. */
export async function createApp(config: AppConfig, logger: Logger): Promise<NestFastifyApplication> {
  const onPoolError = (error: unknown) => logger.warn({ msg: 'a database connection broke', err: error });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, onPoolError),
    createAdapter(config.server, logger),
    {
      logger: new NestLogger(logger),
      bodyParser: false,
      abortOnError: false,
      // What the drain has waited for long enough.
      forceCloseConnections: true,
    },
  );
  await prepareServer(app, config);
  app.useWebSocketAdapter(new AuthenticatedIoAdapter(app, config.server.TRUSTED_PROXIES));
  requireDeclaredAccess(app);
  describeApi(app);
  // Before anything runs by itself.
  await app.get(ProcessLease).take();
  await app.get(Restoration).notice();
  await app.init();
  return app;
}
