import { NonRetryableError, moderationOutput, runStage } from '@askflash/agent-kit';
import { startFakeLanguageModel, type FakeLanguageModel, type FakeReply } from '@askflash/testing';
import { ModeratorModule } from '../src/moderator.module';

const environment = { ...process.env };
const SOURCE = { path: 'use.md', heading: 'Stopping' };
const PASSAGE = { ...SOURCE, text: 'Run `npm stop` to end all servers.', score: 1 };
const GOOD = 'Run `npm stop` to end all servers. [1]';
const MARKS = { groundedness: 0.5, completeness: 1, reasons: ['Half of it is made up'] };

describe('the moderator agent', () => {
  let model: FakeLanguageModel;
  beforeEach(async () => {
    model = await startFakeLanguageModel();
    process.env = { ...environment, ASKFLASH_STACK_FILE: '' };
  });
  afterEach(async () => {
    process.env = { ...environment };
    await model.close();
  });

  async function moderate(
    answer: string,
    { sources = [SOURCE], signal = undefined as AbortSignal | undefined } = {},
  ) {
    const { output } = await runStage(
      ModeratorModule,
      'moderation',
      {
        query: 'How do I stop the servers?',
        timeoutMs: 1_000,
        upstream: {
          web_search: { passages: [PASSAGE] },
          executor_reasoning: { answer, sources },
        },
      },
      signal,
    );
    return moderationOutput.parse(output);
  }
  const useModel = (...replies: FakeReply[]) => {
    model.replies.push(...replies);
    Object.assign(process.env, { LLM_BASE_URL: model.url, LLM_MODEL: 'm1' });
  };

  it('trusts what the passages say', async () => {
    expect(await moderate(GOOD)).toEqual({ confidence: 1, reasons: [], by: 'rules' });
  });

  it('sends back, with its reasons, what they do not say', async () => {
    const { confidence, reasons } = await moderate('Pull the plug, then paint it. [1]');
    expect(confidence).toBe(0);
    expect(reasons).toEqual([
      expect.stringContaining('No passage backs 1 of 1 statements'),
      expect.stringContaining('does not speak of'),
    ]);
  });

  it('does not trust an answer without a source', async () => {
    expect(await moderate(GOOD, { sources: [] })).toEqual({
      confidence: 0,
      reasons: ['The answer has no source'],
      by: 'rules',
    });
  });

  it('lets nothing forbidden pass, whatever a model says, and asks it nothing', async () => {
    useModel({ text: JSON.stringify({ ...MARKS, groundedness: 1 }) });
    process.env['MODERATOR_FORBIDDEN_PHRASES'] = 'npm  stop, other';
    expect(await moderate(GOOD)).toEqual({
      confidence: 0,
      reasons: ['The answer holds what is forbidden: npm  stop'],
      by: 'rules',
    });
    expect(model.requests).toEqual([]);
  });

  it('fails for good where there is nothing to judge', async () => {
    await expect(runStage(ModeratorModule, 'moderation')).rejects.toThrow(NonRetryableError);
  });

  it('takes the marks of the model where there is one', async () => {
    useModel({ text: JSON.stringify(MARKS) });
    expect(await moderate(GOOD)).toEqual({
      confidence: 0.5,
      reasons: ['Half of it is made up'],
      by: 'model',
    });
    const [, asked] = Object(model.requests[0]?.body['messages']);
    expect(JSON.parse(asked.content)).toEqual({
      question: 'How do I stop the servers?',
      answer: GOOD,
      passages: [{ ...SOURCE, text: PASSAGE.text }],
    });
  });

  it.each<[string, FakeReply]>([
    ['gives a mark out of bounds', { text: JSON.stringify({ ...MARKS, groundedness: 7 }) }],
    ['gives no marks', { text: 'Fine!' }],
    ['fails', { status: 501 }],
    ['takes too long', 'silence'],
  ])('falls back to the rules where the model %s', async (_case, reply) => {
    useModel(reply);
    process.env['LLM_RETRIES_COUNT'] = '0';
    expect(await moderate(GOOD)).toEqual({ confidence: 1, reasons: [], by: 'rules' });
  });

  it('stops at once when it is aborted', async () => {
    useModel('silence');
    const abort = new AbortController();
    const judging = moderate(GOOD, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('Enough')), 50);
    await expect(judging).rejects.toThrow('Enough');
  });
});
