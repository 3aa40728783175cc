import { EMBEDDING_MODEL_CONFIG, loadConfig, type ConfigOf } from '@askflash/config';
import { z } from 'zod';
import { Endpoint, type CallOptions } from './endpoint';
import { EmbeddingModelUnsetError, LanguageModelReplyInvalidError } from './errors';

/** Texts of one request; endpoints bound it. */
const BATCH_SIZE = 64;

const embeddings = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
});

/**
 * The embedding model that the configuration names, by default that of the environment.
 *
 * @throws {EmbeddingModelUnsetError} where it names none
 */
export function openEmbeddingModel(
  config: ConfigOf<typeof EMBEDDING_MODEL_CONFIG> = loadConfig(EMBEDDING_MODEL_CONFIG),
): EmbeddingModel {
  const { llmBaseUrl, llmApiKey, llmEmbeddingModel, llmTimeoutMs, llmRetries } = config;
  const unset = [
    ...(llmBaseUrl === undefined ? ['LLM_BASE_URL'] : []),
    ...(llmEmbeddingModel === undefined ? ['LLM_EMBEDDING_MODEL'] : []),
  ];
  if (llmBaseUrl === undefined || llmEmbeddingModel === undefined) {
    throw new EmbeddingModelUnsetError(
      `Embeddings are not configured: set ${unset.join(' and ')}`,
      {
        fields: { unset },
      },
    );
  }
  const endpoint = new Endpoint({
    baseUrl: llmBaseUrl,
    apiKey: llmApiKey,
    timeoutMs: llmTimeoutMs,
    retries: llmRetries,
  });
  return new EmbeddingModel(endpoint, llmEmbeddingModel);
}

/**
 * A model of an OpenAI-compatible endpoint that makes vectors of texts. Its calls reject with a
 * {@link LanguageModelError}, or with the signal's reason where that aborts.
 */
export class EmbeddingModel {
  constructor(
    private readonly endpoint: Endpoint,
    /** Vectors compare only with those of the same model. */
    readonly name: string,
  ) {}

  /** The vectors of texts, in their order, all of the same length. */
  async embed(texts: readonly string[], options: CallOptions = {}): Promise<number[][]> {
    const vectors: number[][] = [];
    for (let start = 0; start < texts.length; start += BATCH_SIZE) {
      vectors.push(...(await this.embedBatch(texts.slice(start, start + BATCH_SIZE), options)));
    }
    if (new Set(vectors.map(({ length }) => length)).size > 1) {
      throw new LanguageModelReplyInvalidError('The vectors are not of the same length');
    }
    return vectors;
  }

  private async embedBatch(input: string[], options: CallOptions): Promise<number[][]> {
    const response = await this.endpoint.call(options).request((client, signal) =>
      // Without a format the SDK asks for base64, which not every endpoint knows.
      client.embeddings.create({ model: this.name, input, encoding_format: 'float' }, { signal }),
    );
    const found = new Map(
      embeddings.safeParse(response).data?.data.map(({ index, embedding }) => [index, embedding]),
    );
    return input.map((_text, index) => {
      const vector = found.get(index);
      if (vector) return vector;
      throw new LanguageModelReplyInvalidError(`The reply lacks the vector of text ${index}`);
    });
  }
}
