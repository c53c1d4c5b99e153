import { Module } from '@nestjs/common';
import { OverviewController } from './overview.controller.ts';
import { Overviews } from './overviews.ts';

/** Here because it crosses auth, chat and audit, which do not know each other. */
@Module({ controllers: [OverviewController], providers: [Overviews] })
export class OverviewModule {}
