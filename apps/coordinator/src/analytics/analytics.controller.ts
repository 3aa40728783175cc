import { Database, selectAgentFigures, selectTaskFigures } from '@askflash/typeorm-entities';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../auth/roles.decorator';
import {
  AgentAnalyticsDto,
  PeriodDto,
  TaskAnalyticsDto,
  type AgentAnalytics,
  type TaskAnalytics,
} from './dto';

@ApiTags('analytics')
@Roles('read')
@Controller('analytics')
export class AnalyticsController {
  constructor(private readonly database: Database) {}

  @Get('tasks')
  @ApiOperation({
    summary: 'How many tasks there were and how long they took, by template and status',
  })
  @ApiOkResponse({ type: TaskAnalyticsDto })
  async tasks(@Query() { hours }: PeriodDto): Promise<TaskAnalytics> {
    return { hours, rows: await selectTaskFigures(this.database.dataSource.manager, { hours }) };
  }

  @Get('agents')
  @ApiOperation({
    summary: 'How the attempts of each agent went and how long they took',
  })
  @ApiOkResponse({ type: AgentAnalyticsDto })
  async agents(@Query() { hours }: PeriodDto): Promise<AgentAnalytics> {
    const figures = await selectAgentFigures(this.database.dataSource.manager, { hours });
    return { hours, rows: figures.map((row) => ({ ...row, lastAt: row.lastAt.toISOString() })) };
  }
}
