import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddingOutput, runStage } from '@askflash/agent-kit';
import { EmbeddingModule } from '../src/embedding.module';
import { KnowledgeFolderUnreadableError } from '../src/errors';

interface Question {
  readonly question: string;
  /** The document that answers it. */
  readonly path: string;
  /** What the answer has to say. */
  readonly says?: string;
}

const STATION = join(__dirname, 'fixtures/station');
const DOCS = join(__dirname, '../../../../docs');
const questionsOf = (file: string): Question[] =>
  JSON.parse(readFileSync(join(__dirname, file), 'utf8'));

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

async function lookUp(query: string, folder: string) {
  process.env = { ...environment, ASKFLASH_STACK_FILE: '', KNOWLEDGE_DIR: folder };
  const { output, progress } = await runStage(EmbeddingModule, 'embedding_lookup', { query });
  return { passages: embeddingOutput.parse(output).passages, progress };
}

describe('the embedding agent', () => {
  it.each(questionsOf('fixtures/station-questions.json'))(
    'finds what answers “$question”',
    async ({ question, path, says = '' }) => {
      const { passages } = await lookUp(question, STATION);
      expect(passages[0]?.path).toBe(path);
      expect(passages.slice(0, 3).some(({ text }) => text.includes(says))).toBe(true);
    },
  );

  it('tells what it does, and finds nothing where there is nothing', async () => {
    const { passages, progress } = await lookUp('How do I boil basmati rice?', STATION);
    expect(passages).toEqual([]);
    expect(progress.map((event) => event.type === 'progress' && event.message)).toEqual([
      'Searching 8 documents',
      'Found 0 passages',
    ]);
  });

  it('does not start without its folder', async () => {
    await expect(lookUp('x', join(STATION, 'none'))).rejects.toThrow(
      KnowledgeFolderUnreadableError,
    );
  });
});

describe('the project’s own documents', () => {
  it('answer the questions about them that are written down', async () => {
    for (const { question, path } of questionsOf('questions.json')) {
      const { passages } = await lookUp(question, DOCS);
      const paths = [...new Set(passages.map((passage) => passage.path))];
      expect({ question, found: paths.slice(0, 3) }).toEqual({
        question,
        found: expect.arrayContaining([path]),
      });
    }
  }, 30_000);
});
