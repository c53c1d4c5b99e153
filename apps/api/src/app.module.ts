import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor, StandardSchemaValidationPipe } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { auditEntities, AuditModule } from '#audit';
import { AccessGuard, authEntities, AuthModule, RecentSignInGuard } from '#auth';
import { AccessTokenSource, chatEntities, ChatModule } from '#chat';
import {
  AddressLimitGuard,
  AppError,
  PersonLimitGuard,
  PlatformModule,
  ProblemFilter,
  RateLimitsModule,
  TurnsInterceptor,
} from '#platform';
import type { AppConfig } from './config.ts';
import { ConfigurationEntry, configuredSettings } from './configuration-entry.ts';
import { DatabaseModule } from './database/database.module.ts';
import { HealthModule } from './health/health.module.ts';
import { MetricsModule } from './metrics/metrics.module.ts';
import { OpenApiController } from './openapi.ts';
import { OverviewModule } from './overview/overview.module.ts';
import { ProcessesModule } from './processes/processes.module.ts';
import { RelaysModule } from './sockets/relays.module.ts';
import { VaultTokenSource } from './vault-token-source.ts';

/** The composition root: the only place where auth meets chat. */
@Module({})
export class AppModule {
  static forRoot(config: AppConfig, onPoolError: (error: unknown) => void): DynamicModule {
    const { server, audit, auth, chat, settings } = config;
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot({
          url: server.DATABASE_URL,
          poolSize: server.DATABASE_POOL_SIZE,
          statementMs: server.DATABASE_STATEMENT_SECS * 1000,
          entities: [...auditEntities, ...authEntities, ...chatEntities],
          onPoolError,
        }),
        ScheduleModule.forRoot(),
        PlatformModule.forRoot({
          publicUrl: server.PUBLIC_URL,
          encryptionKeys: server.ENCRYPTION_KEYS,
          redisUrl: server.REDIS_URL,
        }),
        RateLimitsModule,
        AuditModule.forRoot(audit),
        AuthModule.forRoot(auth),
        ChatModule.forRoot({
          config: chat,
          accessTokenSource: { provide: AccessTokenSource, useClass: VaultTokenSource },
        }),
        RelaysModule,
        OverviewModule,
        ProcessesModule.forRoot({ seconds: server.SHUTDOWN_GRACE_SECS }),
        HealthModule,
        MetricsModule.forRoot({ token: server.METRICS_TOKEN }),
      ],
      controllers: [OpenApiController],
      providers: [
        { provide: configuredSettings, useValue: settings },
        ConfigurationEntry,
        // In this order: the address is counted, the call is decided, by its rule and then by how old the sign-in is, the
        // person is counted.
        { provide: APP_GUARD, useExisting: AddressLimitGuard },
        { provide: APP_GUARD, useExisting: AccessGuard },
        { provide: APP_GUARD, useExisting: RecentSignInGuard },
        { provide: APP_GUARD, useExisting: PersonLimitGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: validation },
        { provide: APP_INTERCEPTOR, useClass: TurnsInterceptor },
        { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
      ],
    };
  }
}

const validation = () =>
  new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new AppError('validation_failed', {
        issues: issues.slice(0, 20).map(({ path = [], message }) => ({
          path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
          message,
        })),
      }),
  });
