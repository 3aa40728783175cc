import { EventStreams } from '@askflash/service-kit';
import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sendPage } from './send-page';
import { StatusBoard } from './status-board';
import type { StatusSnapshot } from './status-snapshot';
import { StatusSource } from './status-source';
import { renderPage } from './view/status-view';

/** The status, for people and for programs. */
@Controller()
export class StatusController {
  constructor(
    private readonly board: StatusBoard,
    private readonly source: StatusSource,
    private readonly streams: EventStreams,
  ) {}

  /** The status page. */
  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    await sendPage(reply, renderPage(await this.board.view()));
  }

  /** What the page shows, as JSON. */
  @Get('status')
  @Header('cache-control', 'no-store')
  snapshot(): Promise<StatusSnapshot> {
    return this.source.snapshot();
  }

  /** What changes on the page, as server-sent events. */
  @Get('status/events')
  async events(@Res() reply: FastifyReply): Promise<void> {
    reply.hijack();
    await this.streams.write(
      reply.raw,
      (signal) => this.board.follow(signal),
      (item) => item,
    );
  }
}
