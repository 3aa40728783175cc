import { HEALTH_MONITOR_CONFIG, loadConfig } from '@askflash/config';
import { createHttpApp, runService } from '@askflash/service-kit';
import { APP_NAME, HealthMonitorModule } from './health-monitor.module';

void runService(async () => {
  const config = loadConfig(HEALTH_MONITOR_CONFIG);
  const app = await createHttpApp(HealthMonitorModule.register(config), {
    appName: APP_NAME,
    level: config.logLevel,
  });
  await app.listen(config.port, config.httpHost);
  return app;
});
