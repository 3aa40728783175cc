import { integer, optional, text, url } from './variable';

const ENDPOINT = {
  llmBaseUrl: optional(
    url(
      'LLM_BASE_URL',
      ['http', 'https'],
      'OpenAI-compatible endpoint of language models, such as http://localhost:11434/v1; without it agents keep to their rules',
    ),
  ),
  llmApiKey: optional(
    text('LLM_API_KEY', 'Key of that endpoint, if it asks for one', { secret: true }),
  ),
  llmTimeoutMs: integer(
    'LLM_TIMEOUT_MS',
    [100, 600_000],
    'How long one question to a model may take, retries included',
    { default: '60000' },
  ),
  llmRetries: integer(
    'LLM_RETRIES_COUNT',
    [0, 10],
    'How often a question is asked again where the endpoint is busy, fails or cannot be reached',
    { default: '2' },
  ),
} as const;

/** Where a language model is, for the agents that can ask one. */
export const LANGUAGE_MODEL_CONFIG = {
  ...ENDPOINT,
  llmModel: optional(text('LLM_MODEL', 'The model asked; needed where LLM_BASE_URL is set')),
} as const;

/** Where an embedding model is: the same endpoint, another model. */
export const EMBEDDING_MODEL_CONFIG = {
  ...ENDPOINT,
  llmEmbeddingModel: optional(
    text('LLM_EMBEDDING_MODEL', 'The model that makes vectors; needed where QDRANT_URL is set'),
  ),
} as const;
