import { Database } from '@askflash/typeorm-entities';
import { Module } from '@nestjs/common';
import { TemplatesController } from './templates.controller';
import { TemplatesService } from './templates.service';

/** The HTTP API of templates. */
@Module({
  controllers: [TemplatesController],
  providers: [
    {
      provide: TemplatesService,
      inject: [Database],
      useFactory: (database: Database) => new TemplatesService(database),
    },
  ],
})
export class TemplatesModule {}
