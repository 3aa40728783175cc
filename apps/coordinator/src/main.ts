import { COORDINATOR_CONFIG, loadConfig } from '@askflash/config';
import { createHttpApp, runService } from '@askflash/service-kit';
import { APP_NAME, AppModule } from './app.module';
import { serveDocs } from './docs';
import { ERROR_STATUSES } from './error-statuses';

void runService(async () => {
  const config = loadConfig(COORDINATOR_CONFIG);
  const app = await createHttpApp(AppModule.register(config), {
    appName: APP_NAME,
    level: config.logLevel,
    statuses: ERROR_STATUSES,
  });
  serveDocs(app);
  await app.listen(config.port, config.httpHost);
  return app;
});
