import { Module } from '@nestjs/common';
import { AnalyticsController } from './analytics.controller';

/** Figures of the last hours, out of PostgreSQL. */
@Module({ controllers: [AnalyticsController] })
export class AnalyticsModule {}
