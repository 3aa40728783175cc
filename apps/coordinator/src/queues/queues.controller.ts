import { Controller, Get } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Roles } from '../auth/roles.decorator';
import { QueueOverviewDto, type QueueOverview } from './dto';
import { QueuesService } from './queues.service';

@ApiTags('queues')
@Controller('queues')
export class QueuesController {
  constructor(private readonly queues: QueuesService) {}

  @Get()
  @Roles('read')
  @ApiOperation({
    summary: 'What every queue holds, who consumes it, and how fast it moves',
  })
  @ApiServiceUnavailableResponse({ description: 'RabbitMQ cannot be asked' })
  @ApiOkResponse({ type: QueueOverviewDto })
  overview(): Promise<QueueOverview> {
    return this.queues.overview();
  }
}
