import { EMBEDDING_MODEL_CONFIG, loadConfig } from '@askflash/config';
import { startFakeLanguageModel, type FakeLanguageModel } from '@askflash/testing';
import { openEmbeddingModel } from './embedding-model';
import { EmbeddingModelUnsetError, LanguageModelReplyInvalidError } from './errors';

describe('EmbeddingModel', () => {
  let endpoint: FakeLanguageModel;
  beforeEach(async () => {
    endpoint = await startFakeLanguageModel();
  });
  afterEach(() => endpoint.close());

  const open = () =>
    openEmbeddingModel(
      loadConfig(EMBEDDING_MODEL_CONFIG, {
        LLM_BASE_URL: endpoint.url,
        LLM_EMBEDDING_MODEL: 'e1',
      }),
    );

  it('gives a vector for each text, in their order, however the endpoint answers', async () => {
    const texts = Array.from({ length: 70 }, (_, index) => 'a'.repeat(index + 1));
    const vectors = await open().embed(texts);
    expect(vectors.map(([a]) => a)).toEqual(texts.map(({ length }) => length));
    const sizes = endpoint.requests.map(({ body }) => Object(body['input']).length);
    expect(sizes).toEqual([64, 6]);
    expect(endpoint.requests[0]?.body).toMatchObject({ model: 'e1', encoding_format: 'float' });
  });

  it('asks nothing for no texts', async () => {
    expect(await open().embed([])).toEqual([]);
    expect(endpoint.requests).toEqual([]);
  });

  it.each([
    ['lacks a vector', [{ index: 0, embedding: [1] }]],
    [
      'has vectors of several lengths',
      [
        { index: 0, embedding: [1] },
        { index: 1, embedding: [1, 2] },
      ],
    ],
    ['has something else', [{ index: 0, embedding: 'AACAPw==' }]],
  ])('refuses a reply that %s', async (_case, data) => {
    endpoint.replies.push({ status: 200, body: JSON.stringify({ data }) });
    await expect(open().embed(['a', 'b'])).rejects.toThrow(LanguageModelReplyInvalidError);
  });

  it.each([
    [{}, 'LLM_BASE_URL and LLM_EMBEDDING_MODEL'],
    [{ LLM_BASE_URL: 'http://localhost/v1' }, 'LLM_EMBEDDING_MODEL'],
  ])('says what to set where it is not configured: %j', (environment, missing) => {
    const config = loadConfig(EMBEDDING_MODEL_CONFIG, environment);
    expect(() => openEmbeddingModel(config)).toThrow(EmbeddingModelUnsetError);
    expect(() => openEmbeddingModel(config)).toThrow(`set ${missing}`);
  });
});
