import { HEALTH_MONITOR_CONFIG, loadConfig, type Environment } from '@askflash/config';
import type { HealthReport } from '@askflash/service-kit';
import { createApp } from '../src/create-app';

/** A health-monitor in this process, listening on a free port. */
export interface TestMonitor {
  readonly url: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  ready(): Promise<{ readonly status: number; readonly report: HealthReport }>;
  close(): Promise<void>;
}

export async function startMonitor(env: Environment): Promise<TestMonitor> {
  const config = loadConfig(HEALTH_MONITOR_CONFIG, {
    LOG_LEVEL: 'silent',
    ...env,
    HEALTH_MONITOR_PORT: '0',
  });
  const app = await createApp(config);
  await app.listen(config.port, config.httpHost);
  const url = await app.getUrl();
  const get = (path: string, headers = {}) => fetch(new URL(path, url), { headers });
  return {
    url,
    get,
    ready: async () => {
      const response = await get('/health/ready');
      const report: HealthReport = JSON.parse(await response.text());
      return { status: response.status, report };
    },
    close: () => app.close(),
  };
}
