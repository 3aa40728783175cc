import { EMBEDDING_AGENT_CONFIG, loadConfig } from '@askflash/agent-kit';
import { PassageIndex } from '@askflash/documents';
import { openEmbeddingModel } from '@askflash/language-model';
import type { KnowledgeIndex } from './knowledge/knowledge-index';
import { VectorIndex } from './vectors/vector-index';
import { VectorStore } from './vectors/vector-store';

const { qdrantUrl, qdrantApiKey, qdrantCollection } = EMBEDDING_AGENT_CONFIG;
const STORE = { qdrantUrl, qdrantApiKey, qdrantCollection };

/**
 * Vectors in Qdrant where QDRANT_URL is set, else full-text search in memory.
 *
 * @throws {EmbeddingModelUnsetError} where vectors are wanted and no model makes them
 */
export function openIndex(): KnowledgeIndex {
  const { qdrantUrl: url, qdrantApiKey: apiKey, qdrantCollection: collection } = loadConfig(STORE);
  if (url === undefined) return new PassageIndex();
  const model = openEmbeddingModel();
  return new VectorIndex(model, new VectorStore({ url, apiKey, collection }));
}
