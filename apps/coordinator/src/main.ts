import { COORDINATOR_CONFIG, loadConfig } from '@askflash/config';
import { runService } from '@askflash/service-kit';
import { createApp } from './create-app';

/** Who told it to stop may kill it after 30 seconds, as Compose and Kubernetes do. */
const STOP_WITHIN_MS = 25_000;

void runService(
  async () => {
    const config = loadConfig(COORDINATOR_CONFIG);
    const app = await createApp(config);
    await app.listen(config.port, config.httpHost);
    return app;
  },
  { stopWithinMs: STOP_WITHIN_MS },
);
