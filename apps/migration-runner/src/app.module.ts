import { Module } from '@nestjs/common';
import { BaselineCommand } from './commands/baseline.command';
import { DownCommand } from './commands/down.command';
import { StatusCommand } from './commands/status.command';
import { UpCommand } from './commands/up.command';
import { ValidateCommand } from './commands/validate.command';

@Module({ providers: [StatusCommand, UpCommand, DownCommand, ValidateCommand, BaselineCommand] })
export class AppModule {}
