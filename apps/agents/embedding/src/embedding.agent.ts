import {
  Agent,
  Stage,
  embeddingOutput,
  type EmbeddingOutput,
  type StageContext,
  type StageRequested,
} from '@askflash/agent-kit';
import { Logger, type OnModuleInit } from '@nestjs/common';
import { KnowledgeBase } from './knowledge/knowledge-base';

/** How many passages a lookup hands on at most. */
const MAX_PASSAGES = 8;

/** Retrieves the passages of the knowledge folder that bear on a query. */
@Agent({ name: 'embedding', queue: 'embedding.task' })
export class EmbeddingAgent implements OnModuleInit {
  private readonly log = new Logger(EmbeddingAgent.name);

  constructor(private readonly knowledge: KnowledgeBase) {}

  /** Indexes the folder before the first query, and fails the start where it cannot be read. */
  async onModuleInit(): Promise<void> {
    const startedAt = performance.now();
    await this.knowledge.refresh();
    const { documents, passages } = this.knowledge.size;
    const elapsedMs = Math.round(performance.now() - startedAt);
    this.log.log(`Indexed ${passages} passages of ${documents} documents in ${elapsedMs} ms`);
    if (documents === 0) this.log.warn('The knowledge folder holds no documents');
  }

  @Stage('embedding_lookup', { output: embeddingOutput })
  async lookup(request: StageRequested, context: StageContext): Promise<EmbeddingOutput> {
    const { documents } = this.knowledge.size;
    context.progress(`Searching ${documents} documents`, 0);
    const { signal, timeLeftMs } = context;
    const passages = await this.knowledge.search(request.query, MAX_PASSAGES, {
      signal,
      timeLeftMs,
    });
    context.progress(`Found ${passages.length} passages`, 1);
    return { passages };
  }
}
