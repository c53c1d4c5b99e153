import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Clock } from './clock.ts';
import { PlatformConfig } from './config/platform-environment.ts';
import { Sealer } from './crypto/sealer.ts';
import { Database } from './database/database.ts';
import { EventBus } from './events/event-bus.ts';
import { Leases } from './schedule/leases.ts';

/** Global: every lib stands on these. The data source itself belongs to the application. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(config: PlatformConfig): DynamicModule {
    return {
      module: PlatformModule,
      providers: [
        { provide: PlatformConfig, useValue: config },
        { provide: Sealer, useFactory: () => new Sealer(config.encryptionKeys) },
        Clock,
        Database,
        EventBus,
        Leases,
        // The application's own, so that two of them in one process do not count each other.
        { provide: Registry, useFactory: () => new Registry() },
      ],
      exports: [PlatformConfig, Sealer, Clock, Database, EventBus, Leases, Registry],
    };
  }
}
