import { executorOutput } from '@askflash/contracts';
import { AppProcess, createTestBackbone, type TestBackbone } from '@askflash/testing';
import { makeReadmeCorpus, readmeOf, type ReadmeCorpus } from './readmes/readme-corpus';
import questions from './readmes/questions.json';
import { RunningCoordinator } from './running-coordinator';

/** How many of the questions have to be answered out of the right document. */
const REQUIRED = 80;
/** Looked at of an answer's sources. */
const FIRST_SOURCES = 3;
const CLIENTS = 8;

interface Miss {
  readonly question: string;
  readonly expected: string;
  readonly found: readonly string[];
}

describe('questions about a real corpus', () => {
  let corpus: ReadmeCorpus;
  let backbone: TestBackbone;
  let coordinator: RunningCoordinator;
  const agents: AppProcess[] = [];

  beforeAll(async () => {
    corpus = makeReadmeCorpus();
    backbone = await createTestBackbone();
    for (const name of ['embedding', 'executor']) {
      agents.push(
        AppProcess.start(`agents/${name}`, { ...backbone.env, KNOWLEDGE_DIR: corpus.folder }),
      );
    }
    coordinator = await RunningCoordinator.start(backbone);
  });

  afterAll(async () => {
    await coordinator?.stop();
    await Promise.all(agents.map((agent) => agent.stop()));
    await backbone?.remove();
    corpus?.remove();
  });

  /** The first sources of the answer to a question, by their paths. */
  async function sourcesOf(query: string): Promise<string[]> {
    const { id } = await coordinator.post({ query, userId: 'reader', template: 'quick_answer' });
    const { status, error, result } = await coordinator.finished(id, 60_000);
    expect({ query, status, error }).toEqual({ query, status: 'complete', error: null });
    const { sources } = executorOutput.parse(result);
    return sources.slice(0, FIRST_SOURCES).map(({ path }) => path);
  }

  async function missesOf(asked: typeof questions): Promise<Miss[]> {
    const misses: Miss[] = [];
    const left = [...asked];
    const client = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const expected = readmeOf(next.package);
        const found = await sourcesOf(next.question);
        if (!found.includes(expected)) misses.push({ question: next.question, expected, found });
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return misses;
  }

  it(`are answered out of the right README at least ${REQUIRED} times in 100`, async () => {
    expect(corpus.size).toBe(200);
    expect(questions).toHaveLength(100);
    const misses = await missesOf(questions);
    const right = questions.length - misses.length;
    const list = misses.map(
      ({ question, expected, found }) => `${question}\n  ${expected}, not ${found.join(', ')}`,
    );
    process.stdout.write(`${right} of ${questions.length}; misses:\n${list.join('\n')}\n`);
    expect(right).toBeGreaterThanOrEqual(REQUIRED);
  });
});
