import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../auth/roles.decorator';
import { TaskParams } from '../tasks/dto';
import { ExplanationDto, type Explanation } from './dto';
import { prefersText } from './prefers-text';
import { toText } from './summarize';
import { WhyService } from './why.service';

@ApiTags('tasks')
@Controller('tasks')
export class WhyController {
  constructor(private readonly why: WhyService) {}

  @Get(':id/why')
  @Roles('submit', 'read')
  @ApiOperation({
    summary: 'Why a task waits: the chain of causes, down to what is at work or fails',
  })
  @ApiOkResponse({ type: ExplanationDto })
  @ApiNotFoundResponse()
  async explain(
    @Param() { id }: TaskParams,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Explanation | string> {
    const explanation = await this.why.explain(id);
    void reply.header('vary', 'Accept').header('cache-control', 'no-store');
    if (!prefersText(accept)) return explanation;
    void reply.type('text/plain; charset=utf-8');
    return toText(explanation);
  }
}
