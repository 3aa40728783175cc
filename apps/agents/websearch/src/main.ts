import { WEBSEARCH_AGENT_CONFIG, loadConfig, runAgent } from '@askflash/agent-kit';
import { WebsearchModule } from './websearch.module';

void runAgent({
  appName: 'websearch-agent',
  module: WebsearchModule,
  config: () => loadConfig(WEBSEARCH_AGENT_CONFIG),
});
