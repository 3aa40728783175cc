import { Controller, Get, Header } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside this file, and beside the bundle that it becomes a part of. */
const read = (name: string) => readFileSync(join(__dirname, 'assets', name), 'utf8');

/** In this order: what comes later has the last word. */
const STYLES = ['base', 'frame', 'parts', 'tables', 'agents-and-tasks', 'screens', 'runbooks'];

const STYLE = STYLES.map((name) => read(`style/${name}.css`)).join('\n');
const SCRIPT = read('live.js');

/** What pages are made up with. Browsers ask each time, so that it fits the page. */
@Controller('assets')
export class AssetsController {
  @Get('status.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'no-cache')
  @Header('x-content-type-options', 'nosniff')
  style(): string {
    return STYLE;
  }

  @Get('live.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', 'no-cache')
  @Header('x-content-type-options', 'nosniff')
  script(): string {
    return SCRIPT;
  }
}
