import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { TaskView } from '@askflash/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Roles } from '../auth/roles.decorator';
import { CreateTaskDto, TaskParams, TaskViewDto, lastEventId } from './dto';
import { streamEvents } from './event-stream';
import { TasksService } from './tasks.service';

@ApiTags('tasks')
@Roles('submit', 'read')
@Controller('tasks')
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Post()
  @Roles('submit')
  @HttpCode(202)
  @ApiOperation({ summary: 'Hand a query in; answers once the task is stored for good' })
  @ApiAcceptedResponse({ type: TaskViewDto })
  async create(
    @Body() body: CreateTaskDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskView> {
    const task = await this.tasks.create(body);
    void reply.header('location', `/tasks/${task.id}`);
    return task;
  }

  @Get(':id')
  @ApiOperation({ summary: 'A task as it stands' })
  @ApiOkResponse({ type: TaskViewDto })
  @ApiNotFoundResponse()
  read(@Param() { id }: TaskParams): Promise<TaskView> {
    return this.tasks.read(id);
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'A task’s events as they happen, as server-sent events' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Go on after this event' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'Ends after the event `task.finished`' })
  @ApiNotFoundResponse()
  async events(
    @Param() { id }: TaskParams,
    @Headers('last-event-id') header: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = lastEventId.safeParse(header);
    if (!after.success) throw new BadRequestException('Last-Event-ID must be <seq>-<number>');
    const closed = new AbortController();
    request.raw.socket.once('close', () => closed.abort());
    const feed = await this.tasks.events(id, { after: after.data, signal: closed.signal });
    reply.hijack();
    await streamEvents(reply.raw, feed, closed.signal);
  }
}
