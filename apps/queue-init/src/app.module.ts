import { Module } from '@nestjs/common';
import { ApplyCommand } from './commands/apply.command';
import { CheckCommand } from './commands/check.command';
import { ExportCommand } from './commands/export.command';
import { PlanCommand } from './commands/plan.command';
import { PruneCommand } from './commands/prune.command';

@Module({ providers: [PlanCommand, ApplyCommand, CheckCommand, ExportCommand, PruneCommand] })
export class AppModule {}
