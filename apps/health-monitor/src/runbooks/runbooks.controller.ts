import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sendPage } from '../status/send-page';
import { html } from '../status/view/html';
import { page, type PageParts } from '../status/view/page';
import { renderRunbook } from './render-runbook';
import { Runbooks } from './runbooks';

/** What to do about each condition, in the look of the status page. */
@Controller('runbooks')
export class RunbooksController {
  constructor(private readonly runbooks: Runbooks) {}

  @Get()
  async list(@Res() reply: FastifyReply): Promise<void> {
    await sendPage(reply, render(this.runbooks.index, './'));
  }

  @Get(':name')
  async read(@Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    await sendPage(reply, render(this.runbooks.read(name), '../'));
  }
}

function render(source: string, root: PageParts['root']): string {
  const title = /^# (.+)$/m.exec(source)?.[1] ?? 'Runbook';
  return page({
    title: `${title} · AskFlash`,
    root,
    main: html`<article>${renderRunbook(source, `${root}runbooks/`)}</article>`,
  });
}
