import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddingOutput, runStage } from '@askflash/agent-kit';
import { passagesOf, readDocument } from '@askflash/documents';
import { EmbeddingModelUnsetError, openEmbeddingModel } from '@askflash/language-model';
import { eventually, startFakeLanguageModel, type FakeLanguageModel } from '@askflash/testing';
import { EmbeddingModule } from '../src/embedding.module';
import { VectorCollectionMismatchError, VectorStoreUnavailableError } from '../src/errors';
import { openIndex } from '../src/open-index';
import { VectorIndex } from '../src/vectors/vector-index';
import { VectorStore } from '../src/vectors/vector-store';
import { startFakeQdrant, type FakeQdrant } from './fake-qdrant';

const environment = { ...process.env };
const WALRUS = '# Animals\n\n## Walrus\n\nwww aaa lll rrr uuu sss';
const LETTERS = { data: [{ index: 0, embedding: Array.from({ length: 26 }, () => 1) }] };
const OTTER = '# Animals\n\n## Otter\n\nooo ttt eee rrr';

describe('the embedding agent with vectors', () => {
  let qdrant: FakeQdrant;
  let model: FakeLanguageModel;
  let folder: string;

  beforeEach(async () => {
    qdrant = await startFakeQdrant();
    model = await startFakeLanguageModel();
    folder = mkdtempSync(join(tmpdir(), 'vectors-'));
    write('walrus.md', WALRUS);
    write('otter.md', OTTER);
    process.env = {
      ...environment,
      ASKFLASH_STACK_FILE: '',
      KNOWLEDGE_DIR: folder,
      QDRANT_URL: qdrant.url,
      QDRANT_COLLECTION: 'docs',
      LLM_BASE_URL: model.url,
      LLM_EMBEDDING_MODEL: 'letters',
      LLM_RETRIES_COUNT: '0',
    };
  });
  afterEach(async () => {
    process.env = { ...environment };
    rmSync(folder, { recursive: true });
    await Promise.all([qdrant.close(), model.close()]);
  });

  const write = (name: string, source: string) => writeFileSync(join(folder, name), source);
  const lookUp = async (query: string) => {
    const { output } = await runStage(EmbeddingModule, 'embedding_lookup', { query });
    return embeddingOutput.parse(output).passages;
  };
  /** What was embedded besides the query and the probe for the vectors' length. */
  const embedded = () =>
    model.requests
      .flatMap(({ body }) => Object.values(Object(body['input'])))
      .map(String)
      .filter((text) => text.startsWith('Animals'));

  it('finds the passages whose vectors are nearest, with path and headings', async () => {
    expect(await lookUp('walrus')).toEqual([
      {
        path: 'walrus.md',
        heading: 'Animals › Walrus',
        text: 'www aaa lll rrr uuu sss',
        score: expect.any(Number),
      },
      expect.objectContaining({ path: 'otter.md' }),
    ]);
    expect(await lookUp('otter otter')).toMatchObject([
      { path: 'otter.md' },
      { path: 'walrus.md' },
    ]);
  });

  it('makes vectors only of what has changed, and drops what has gone, between two starts', async () => {
    await lookUp('walrus');
    expect(embedded()).toHaveLength(2);
    write('otter.md', OTTER.replace('ooo', 'o'));
    rmSync(join(folder, 'walrus.md'));
    write('vole.md', '# Animals\n\n## Vole\n\nvvv ooo lll eee');
    await lookUp('vole');
    expect(embedded()).toHaveLength(4);
    expect(qdrant.paths()).toEqual(['otter.md', 'vole.md']);
    await lookUp('vole');
    expect(embedded()).toHaveLength(4);
  });

  it('makes all vectors again for another model, and clears nothing for an empty folder', async () => {
    await lookUp('walrus');
    process.env['LLM_EMBEDDING_MODEL'] = 'other-letters';
    await lookUp('walrus');
    expect(embedded()).toHaveLength(4);
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'vectors-'));
    process.env['KNOWLEDGE_DIR'] = folder;
    await lookUp('walrus');
    expect(qdrant.paths()).toEqual(['otter.md', 'walrus.md']);
  });

  it('sends its key, and says so where it is refused', async () => {
    qdrant.apiKey = 'secret-key';
    await expect(lookUp('walrus')).rejects.toThrow(VectorStoreUnavailableError);
    process.env['QDRANT_API_KEY'] = 'secret-key';
    expect(await lookUp('walrus')).toHaveLength(2);
  });

  it('does not start where embeddings are not configured', async () => {
    delete process.env['LLM_EMBEDDING_MODEL'];
    expect(openIndex).toThrow(EmbeddingModelUnsetError);
    expect(openIndex).toThrow('set LLM_EMBEDDING_MODEL');
  });

  it('does not start on a collection of another model’s vectors', async () => {
    qdrant.size = 3;
    await expect(lookUp('walrus')).rejects.toThrow(VectorCollectionMismatchError);
  });

  it('finds and puts in again once what failed is back', async () => {
    const index = new VectorIndex(
      openEmbeddingModel(),
      new VectorStore({ url: qdrant.url, apiKey: undefined, collection: 'docs' }),
    );
    const put = () => index.put('walrus.md', passagesOf(readDocument('walrus.md', WALRUS)));
    qdrant.failure = 503;
    await expect(put()).rejects.toThrow(VectorStoreUnavailableError);
    qdrant.failure = undefined;
    await put();
    qdrant.failure = 500;
    await expect(index.search('walrus', 8)).rejects.toMatchObject({ exit: 'unavailable' });
    qdrant.failure = undefined;
    expect(await index.search('walrus', 8)).toHaveLength(1);
    expect(index.size).toBe(1);
    await index.remove('walrus.md');
    expect([qdrant.paths(), index.size]).toEqual([[], 0]);
  });

  it('stops at once when it is aborted', async () => {
    await lookUp('walrus');
    const abort = new AbortController();
    const before = model.requests.length;
    // The first request is for the vectors' length, the second for the query.
    model.replies.push({ status: 200, body: JSON.stringify(LETTERS) }, 'silence');
    const { signal } = abort;
    const run = runStage(EmbeddingModule, 'embedding_lookup', { query: 'x' }, signal);
    run.catch(() => undefined);
    await eventually(() => model.requests.length === before + 2);
    abort.abort(new Error('Enough'));
    await expect(run).rejects.toThrow('Enough');
  });

  it('shares a collection with an instance that makes it at the same time', async () => {
    const open = () => new VectorStore({ url: qdrant.url, apiKey: undefined, collection: 'docs' });
    await Promise.all(Array.from({ length: 5 }, () => open().prepare(26)));
    expect(qdrant.size).toBe(26);
  });
});
