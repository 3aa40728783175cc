import { INTENT_AGENT_CONFIG, loadConfig, runAgent } from '@askflash/agent-kit';
import { IntentModule } from './intent.module';

void runAgent({
  appName: 'intent-agent',
  module: IntentModule,
  config: () => loadConfig(INTENT_AGENT_CONFIG),
});
