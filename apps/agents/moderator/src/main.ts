import { MODERATOR_AGENT_CONFIG, loadConfig, runAgent } from '@askflash/agent-kit';
import { ModeratorModule } from './moderator.module';

void runAgent({
  appName: 'moderator-agent',
  module: ModeratorModule,
  config: () => loadConfig(MODERATOR_AGENT_CONFIG),
});
