import { type DynamicModule, Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.ts';
import { MetricsAccess } from './metrics-access.guard.ts';
import { ProcessMetrics } from './process-metrics.ts';
import { RequestMetrics } from './request-metrics.ts';

@Module({})
export class MetricsModule {
  static forRoot({ token }: { token: string | undefined }): DynamicModule {
    return {
      module: MetricsModule,
      controllers: [MetricsController],
      providers: [
        { provide: MetricsAccess, useValue: new MetricsAccess(token) },
        ProcessMetrics,
        RequestMetrics,
      ],
    };
  }
}
