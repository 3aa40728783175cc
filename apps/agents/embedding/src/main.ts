import { EMBEDDING_AGENT_CONFIG, loadConfig, runAgent } from '@askflash/agent-kit';
import { EmbeddingModule } from './embedding.module';

void runAgent({
  appName: 'embedding-agent',
  module: EmbeddingModule,
  config: () => loadConfig(EMBEDDING_AGENT_CONFIG),
});
