import { COORDINATOR_CONFIG, loadConfig } from '@askflash/config';
import { createHttpApp, runService } from '@askflash/service-kit';
import { APP_NAME, AppModule } from './app.module';
import { serveDocs } from './docs';
import { CoordinatorBusyError, TaskNotFoundError, TemplateNotFoundError } from './tasks/errors';

void runService(async () => {
  const config = loadConfig(COORDINATOR_CONFIG);
  const app = await createHttpApp(AppModule.register(config), {
    appName: APP_NAME,
    level: config.logLevel,
    statuses: {
      [TaskNotFoundError.code]: 404,
      [TemplateNotFoundError.code]: 422,
      [CoordinatorBusyError.code]: 503,
    },
  });
  serveDocs(app);
  await app.listen(config.port, config.httpHost);
  return app;
});
