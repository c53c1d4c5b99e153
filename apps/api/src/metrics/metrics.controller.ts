import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { collectDefaultMetrics, register } from 'prom-client';
import { Public } from '#platform';
import { MetricsAccess } from './metrics-access.guard.ts';

@Controller('metrics')
@ApiExcludeController()
@UseGuards(MetricsAccess)
export class MetricsController {
  constructor() {
    register.clear();
    collectDefaultMetrics();
  }

  @Get()
  @Public()
  @Header('content-type', register.contentType)
  read(): Promise<string> {
    return register.metrics();
  }
}
