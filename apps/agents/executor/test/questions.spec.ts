import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executorOutput, runStage, type Passage, type StageInput } from '@askflash/agent-kit';
import { ExecutorModule } from '../src/executor.module';

interface Question {
  readonly question: string;
  /** The document that answers it. */
  readonly path: string;
  /** What the answer has to say. */
  readonly says: string;
  /** What the embedding agent finds for it in its own fixtures. */
  readonly passages: readonly Passage[];
}

const QUESTIONS: Question[] = JSON.parse(
  readFileSync(join(__dirname, 'fixtures/findings.json'), 'utf8'),
);

describe('the executor agent', () => {
  it.each(QUESTIONS)('answers “$question”', async ({ question, path, says, passages }) => {
    const { output, progress } = await runStage(ExecutorModule, 'executor_reasoning', {
      query: question,
      upstream: { embedding_lookup: { passages: passages.map((passage) => ({ ...passage })) } },
    });
    const { answer, sources } = executorOutput.parse(output);
    expect(answer).toContain(says);
    expect(sources[0]?.path).toBe(path);
    const tokens = progress.map((event) => (event.type === 'token' ? event.text : ''));
    expect(tokens.join('')).toBe(answer);
  });

  it('says so where earlier stages found nothing, or where there was none', async () => {
    const upstreams: StageInput['upstream'][] = [{ embedding_lookup: { passages: [] } }, {}];
    for (const upstream of upstreams) {
      const { output } = await runStage(ExecutorModule, 'executor_reasoning', {
        query: 'How do I boil rice?',
        upstream,
      });
      expect(output).toEqual({
        answer: 'I found nothing about this in the documents.',
        sources: [],
        needsWebSearch: true,
      });
    }
  });
});
