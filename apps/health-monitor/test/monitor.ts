import { HEALTH_MONITOR_CONFIG, loadConfig, type Environment } from '@askflash/config';
import { createHttpApp, type HealthReport } from '@askflash/service-kit';
import { HealthMonitorModule } from '../src/health-monitor.module';

/** A health-monitor in this process, listening on a free port. */
export interface TestMonitor {
  get(path: string): Promise<Response>;
  ready(): Promise<{ readonly status: number; readonly report: HealthReport }>;
  close(): Promise<void>;
}

export async function startMonitor(env: Environment): Promise<TestMonitor> {
  const config = loadConfig(HEALTH_MONITOR_CONFIG, { ...env, HEALTH_MONITOR_PORT: '0' });
  const app = await createHttpApp(HealthMonitorModule.register(config), {
    appName: 'health-monitor',
    level: 'silent',
  });
  await app.listen(config.port, config.httpHost);
  const base = await app.getUrl();
  const get = (path: string) => fetch(new URL(path, base));
  return {
    get,
    ready: async () => {
      const response = await get('/health/ready');
      const report: HealthReport = JSON.parse(await response.text());
      return { status: response.status, report };
    },
    close: () => app.close(),
  };
}
