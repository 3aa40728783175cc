import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { TaskView } from '@askflash/contracts';
import { EventStreams, Traceparent } from '@askflash/service-kit';
import type { FastifyReply } from 'fastify';
import { Roles } from '../auth/roles.decorator';
import {
  AbortTaskDto,
  CreateTaskDto,
  ListTasksDto,
  RetryTaskDto,
  TaskPageDto,
  TaskParams,
  TaskViewDto,
  idempotencyKey,
  lastEventId,
  type TaskPage,
} from './dto';
import { toStreamItem } from './task-feed';
import { TasksService, type Accepted } from './tasks.service';

const REPEATABLE =
  'With an `Idempotency-Key` it can be sent again: the same request of the same user under the same key ' +
  'gets 202, the same `Location` and the same task, as it stands by then, with `Idempotency-Replayed: true`. ' +
  'Another request under it gets 409.';
const BUSY = 'Too much waits, or the broker takes no more; `Retry-After` tells when to come back';
const ACCEPTED_HEADERS = {
  Location: { description: 'Path of the task', schema: { type: 'string' } },
  'Idempotency-Replayed': {
    description: '`true` where an earlier request under the key made the task',
    schema: { type: 'string' },
  },
} as const;

const IdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes the request repeatable: 1–255 visible ASCII characters, kept with its task',
  });

@ApiTags('tasks')
@Roles('submit', 'read')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly streams: EventStreams,
  ) {}

  @Post()
  @Roles('submit')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Hand a query in; answers once the task is stored for good',
    description: REPEATABLE,
  })
  @IdempotencyKey()
  @ApiAcceptedResponse({ type: TaskViewDto, headers: ACCEPTED_HEADERS })
  @ApiConflictResponse({ description: 'The key belongs to another request' })
  @ApiUnprocessableEntityResponse({ description: 'There is no such template' })
  @ApiServiceUnavailableResponse({ description: BUSY })
  async create(
    @Body() body: CreateTaskDto,
    @Headers('idempotency-key') key: string | undefined,
    @Traceparent() traceparent: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskView> {
    return accept(reply, await this.tasks.create(body, { key: checkedKey(key), traceparent }));
  }

  @Get()
  @ApiOperation({ summary: 'Tasks, newest first, a page at a time' })
  @ApiOkResponse({ type: TaskPageDto })
  list(@Query() query: ListTasksDto): Promise<TaskPage> {
    return this.tasks.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A task as it stands' })
  @ApiOkResponse({ type: TaskViewDto })
  @ApiNotFoundResponse()
  read(@Param() { id }: TaskParams): Promise<TaskView> {
    return this.tasks.read(id);
  }

  @Post(':id/abort')
  @Roles('submit')
  @HttpCode(200)
  @ApiOperation({
    summary: 'End a task as aborted; one that is aborted already stays as it is',
    description: 'Agents that work on it are told, and stop.',
  })
  @ApiOkResponse({ type: TaskViewDto })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'It is complete or failed already' })
  abort(@Param() { id }: TaskParams, @Body() { reason }: AbortTaskDto): Promise<TaskView> {
    return this.tasks.abort(id, reason);
  }

  @Post(':id/retry')
  @Roles('submit')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Repeat a task that has ended, as a new task, from a stage on',
    description: `The new task runs the same version of the template and takes over the outputs before that stage. ${REPEATABLE}`,
  })
  @IdempotencyKey()
  @ApiAcceptedResponse({
    type: TaskViewDto,
    description: 'The new task; `retryOf` names the one it repeats',
    headers: ACCEPTED_HEADERS,
  })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'The task still runs, or the key is another request’s' })
  @ApiUnprocessableEntityResponse({ description: 'The task cannot be repeated from that stage' })
  @ApiServiceUnavailableResponse({ description: BUSY })
  async retry(
    @Param() { id }: TaskParams,
    @Body() { fromStage }: RetryTaskDto,
    @Headers('idempotency-key') key: string | undefined,
    @Traceparent() traceparent: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskView> {
    const request = { key: checkedKey(key), traceparent };
    return accept(reply, await this.tasks.retry(id, fromStage, request));
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'A task’s events as they happen, as server-sent events' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Go on after this event' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'Ends after the event `task.finished`' })
  @ApiNoContentResponse({
    description: '`Last-Event-ID` is that of `task.finished`: nothing comes',
  })
  @ApiNotFoundResponse()
  async events(
    @Param() { id }: TaskParams,
    @Headers('last-event-id') header: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = lastEventId.safeParse(header);
    if (!after.success) throw new BadRequestException('Last-Event-ID must be <seq>-<number>');
    const feed = await this.tasks.events(id, after.data);
    if (!feed) {
      void reply.code(204).send();
      return;
    }
    reply.hijack();
    await this.streams.write(reply.raw, feed, toStreamItem);
  }
}

/** @throws {BadRequestException} */
function checkedKey(header: string | undefined): string | undefined {
  const key = idempotencyKey.safeParse(header);
  if (key.success) return key.data;
  throw new BadRequestException('Idempotency-Key must be 1–255 visible ASCII characters');
}

function accept(reply: FastifyReply, { task, replayed }: Accepted): TaskView {
  void reply.header('location', `/tasks/${task.id}`);
  if (replayed) void reply.header('idempotency-replayed', 'true');
  return task;
}
