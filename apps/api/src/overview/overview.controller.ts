import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  idParamSchema,
  type Overview,
  type OverviewQuery,
  overviewQuerySchema,
  overviewSchema,
  type PersonUsage,
  personUsageSchema,
} from '#contracts';
import { Access, Returns } from '#platform';
import { Overviews } from './overviews.ts';

@Controller('api/admin')
export class OverviewController {
  constructor(private readonly overviews: Overviews) {}

  @Get('overview')
  @Access('users.read')
  @Returns(overviewSchema)
  overview(@Query({ schema: overviewQuerySchema }) { days }: OverviewQuery): Promise<Overview> {
    return this.overviews.of(days);
  }

  @Get('users/:id/usage')
  @Access('users.read')
  @Returns(personUsageSchema)
  usageOf(
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Query({ schema: overviewQuerySchema }) { days }: OverviewQuery,
  ): Promise<PersonUsage> {
    return this.overviews.usageOf(id, days);
  }
}
