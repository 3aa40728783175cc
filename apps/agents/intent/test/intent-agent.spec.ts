import { runStage } from '@askflash/agent-kit';
import { startFakeLanguageModel, type FakeLanguageModel, type FakeReply } from '@askflash/testing';
import { IntentModule } from '../src/intent.module';

const environment = { ...process.env };
const QUERY = 'How do I add a new agent?';
const BY_RULES = {
  category: 'procedural',
  complexity: 'simple',
  subQuestions: [],
  needsWeb: false,
  by: 'rules',
};
const JUDGED = {
  category: 'navigational',
  complexity: 'complex',
  subQuestions: ['What is an agent?'],
  needsWeb: true,
};

describe('the intent agent', () => {
  let model: FakeLanguageModel;
  beforeEach(async () => {
    model = await startFakeLanguageModel();
    process.env = { ...environment, ASKFLASH_STACK_FILE: '' };
  });
  afterEach(async () => {
    process.env = { ...environment };
    await model.close();
  });

  const analyse = async (signal?: AbortSignal, timeoutMs = 10_000) => {
    const input = { query: QUERY, timeoutMs };
    return (await runStage(IntentModule, 'intent_analysis', input, signal)).output;
  };
  const useModel = (...replies: FakeReply[]) => {
    model.replies.push(...replies);
    Object.assign(process.env, { LLM_BASE_URL: model.url, LLM_MODEL: 'm1' });
  };

  it('keeps to its rules without a model, and says what it found', async () => {
    const { output, progress } = await runStage(IntentModule, 'intent_analysis', { query: QUERY });
    expect(output).toEqual(BY_RULES);
    expect(progress).toMatchObject([{ message: 'A simple question, procedural' }]);
  });

  it('asks the model where there is one', async () => {
    useModel({ text: JSON.stringify(JUDGED) });
    expect(await analyse()).toEqual({ ...JUDGED, by: 'model' });
    expect(model.requests[0]?.body['messages']).toMatchObject([{}, { content: QUERY }]);
  });

  it.each<[string, FakeReply]>([
    ['makes a category up', { text: JSON.stringify({ ...JUDGED, category: 'vague' }) }],
    ['leaves something out', { text: '{"category":"creative"}' }],
    ['chatters', { text: 'It is procedural.' }],
    ['is refused', { status: 401 }],
    ['takes too long', 'silence'],
  ])('falls back to the rules where the model %s', async (_case, reply) => {
    useModel(reply);
    expect(await analyse(undefined, 500)).toEqual(BY_RULES);
  });

  it('stops at once when it is aborted', async () => {
    useModel('silence');
    const abort = new AbortController();
    const analysis = analyse(abort.signal);
    setTimeout(() => abort.abort(new Error('Enough')), 50);
    await expect(analysis).rejects.toThrow('Enough');
  });
});
