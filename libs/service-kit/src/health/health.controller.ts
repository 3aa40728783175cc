import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import type { HealthReport } from './health-check';
import { HealthChecks } from './health-checks';

/** The part of a response that is needed to set its status. */
interface StatusResponse {
  status(code: number): unknown;
}

@Controller('health')
export class HealthController {
  constructor(private readonly checks: HealthChecks) {}

  /** Whether the process runs at all; a restart is due where this does not answer. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Whether the app can do its work now: 200, or 503 with the reasons. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) response: StatusResponse): Promise<HealthReport> {
    const report = await this.checks.run();
    if (report.status !== 'ok') response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return report;
  }
}
