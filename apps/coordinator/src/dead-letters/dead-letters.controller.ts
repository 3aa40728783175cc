import { CurrentKey, type Caller } from '@askflash/service-kit';
import { Body, Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../auth/roles.decorator';
import { DeadLettersService } from './dead-letters.service';
import {
  DeadLetterPageDto,
  ListDeadLettersDto,
  RedriveReportDto,
  RedriveRequestDto,
  type DeadLetterPage,
  type RedriveReport,
} from './dto';

@ApiTags('dead letters')
@ApiConflictResponse({ description: 'A redrive is under way, here or by another coordinator' })
@ApiServiceUnavailableResponse({
  description: 'RabbitMQ cannot be asked, or looking could lose dead letters',
})
@Controller('dead-letters')
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLettersService) {}

  @Get()
  @Roles('read')
  @ApiOperation({
    summary: 'What died, why, where and when; nothing is taken out',
  })
  @ApiOkResponse({ type: DeadLetterPageDto })
  list(@Query() query: ListDeadLettersDto): Promise<DeadLetterPage> {
    return this.deadLetters.list(query);
  }

  @Post('redrive')
  @Roles()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send dead letters back to the queues they were in',
    description:
      'Answers with the report at the end: after five minutes at most, and earlier where the client hangs up. What is not sent back stays a dead letter.',
  })
  @ApiOkResponse({ type: RedriveReportDto })
  redrive(
    @Body() body: RedriveRequestDto,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentKey() caller: Caller,
  ): Promise<RedriveReport> {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return this.deadLetters.redrive(body, gone.signal, caller);
  }
}
