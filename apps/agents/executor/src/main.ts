import { EXECUTOR_AGENT_CONFIG, loadConfig, runAgent } from '@askflash/agent-kit';
import { ExecutorModule } from './executor.module';

void runAgent({
  appName: 'executor-agent',
  module: ExecutorModule,
  config: () => loadConfig(EXECUTOR_AGENT_CONFIG),
});
