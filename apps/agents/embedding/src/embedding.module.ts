import { EMBEDDING_AGENT_CONFIG, loadConfig } from '@askflash/agent-kit';
import { Logger, Module } from '@nestjs/common';
import { EmbeddingAgent } from './embedding.agent';
import { KnowledgeBase } from './knowledge/knowledge-base';
import { openIndex } from './open-index';

/** The embedding agent over the folder that KNOWLEDGE_DIR names; with vectors where Qdrant is. */
@Module({
  controllers: [EmbeddingAgent],
  providers: [{ provide: KnowledgeBase, useFactory: openKnowledgeBase }],
})
export class EmbeddingModule {}

function openKnowledgeBase(): KnowledgeBase {
  const { knowledgeDir } = EMBEDDING_AGENT_CONFIG;
  const log = new Logger(KnowledgeBase.name);
  return new KnowledgeBase({
    folder: loadConfig({ knowledgeDir }).knowledgeDir,
    index: openIndex(),
    warn: (message) => log.warn(message),
  });
}
