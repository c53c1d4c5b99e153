import { type DynamicModule, Module } from '@nestjs/common';
import { Draining, ShutdownGrace } from './draining.ts';
import { OpenRequests } from './open-requests.ts';
import { ProcessLease } from './process-lease.ts';

/** What lets one process begin and end beside others. */
@Module({})
export class ProcessesModule {
  static forRoot(grace: ShutdownGrace): DynamicModule {
    return {
      module: ProcessesModule,
      global: true,
      providers: [{ provide: ShutdownGrace, useValue: grace }, ProcessLease, OpenRequests, Draining],
      exports: [ProcessLease, OpenRequests, Draining],
    };
  }
}
