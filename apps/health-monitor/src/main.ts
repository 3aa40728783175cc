import { HEALTH_MONITOR_CONFIG, loadConfig } from '@askflash/config';
import { runService } from '@askflash/service-kit';
import { createApp } from './create-app';

void runService(async () => {
  const config = loadConfig(HEALTH_MONITOR_CONFIG);
  const app = await createApp(config);
  await app.listen(config.port, config.httpHost);
  return app;
});
