import { executorOutput, runStage, type StageInput } from '@askflash/agent-kit';
import { startFakeLanguageModel, type FakeLanguageModel, type FakeReply } from '@askflash/testing';
import { ExecutorModule } from '../src/executor.module';

const environment = { ...process.env };
const QUERY = 'How do I stop the servers?';
const PASSAGES = [
  { path: 'a.md', heading: 'Stop', text: 'Run `npm stop` to stop the servers.', score: 2 },
  { path: 'b.md', heading: 'Data', text: 'Data of stopped servers stays.', score: 1 },
];
const QUOTED = 'Run `npm stop` to stop the servers. [1]';
const INTENT = {
  category: 'procedural',
  complexity: 'simple',
  subQuestions: [],
  needsWeb: false,
  by: 'rules',
};

describe('the executor agent with a language model', () => {
  let model: FakeLanguageModel;
  beforeEach(async () => {
    model = await startFakeLanguageModel();
    process.env = {
      ...environment,
      ASKFLASH_STACK_FILE: '',
      LLM_BASE_URL: model.url,
      LLM_MODEL: 'm1',
      LLM_RETRIES_COUNT: '0',
    };
  });
  afterEach(async () => {
    process.env = { ...environment };
    await model.close();
  });

  async function answer(
    replies: readonly FakeReply[],
    upstream: StageInput['upstream'] = {},
    signal?: AbortSignal,
  ) {
    model.replies.push(...replies);
    const run = await runStage(
      ExecutorModule,
      'executor_reasoning',
      {
        query: QUERY,
        timeoutMs: 1_000,
        upstream: { embedding_lookup: { passages: PASSAGES }, ...upstream },
      },
      signal,
    );
    const tokens = run.progress.flatMap((event) => (event.type === 'token' ? [event.text] : []));
    return { ...executorOutput.parse(run.output), tokens };
  }

  it('streams what the model says, with the sources it cites', async () => {
    const text = 'Nothing is lost. [2] Run `npm stop`. [1]';
    const result = await answer([{ text }]);
    expect(result.answer).toBe('Nothing is lost. [1] Run `npm stop`. [2]');
    expect(result.sources).toEqual([
      { path: 'b.md', heading: 'Data' },
      { path: 'a.md', heading: 'Stop' },
    ]);
    expect(result.tokens.join('')).toBe(result.answer);
    expect(result.tokens.length).toBeGreaterThan(2);
  });

  it('takes citations of nothing out, of the stream as well', async () => {
    const result = await answer([{ text: 'Run `npm stop`. [1] Then pray. [7]' }]);
    expect(result).toMatchObject({ answer: 'Run `npm stop`. [1] Then pray.' });
    expect(result.tokens.join('')).toBe(result.answer);
  });

  it('gives the model question, parts, passages and what was wrong before', async () => {
    await answer([{ text: 'x [1]' }], {
      intent_analysis: { ...INTENT, subQuestions: ['One?', 'Two?'] },
      moderation: { confidence: 0.1, reasons: ['It is made up'] },
    });
    const [, asked] = Object(model.requests[0]?.body['messages']);
    expect(JSON.parse(asked.content)).toEqual({
      question: QUERY,
      parts: ['One?', 'Two?'],
      passages: PASSAGES.map(({ path, heading, text }, index) => ({
        number: index + 1,
        path,
        heading,
        text,
      })),
      wrongBefore: ['It is made up'],
    });
  });

  it.each<[string, FakeReply]>([
    ['cites nothing', { text: 'Pull the plug.' }],
    ['cites only what is not there', { text: 'Pull the plug. [9]' }],
    ['says nothing', { text: '' }],
    ['is down', { status: 503 }],
    ['is refused', { status: 401 }],
    ['is silent', 'silence'],
    ['breaks off before its first citation', { pieces: ['Pull', ' the'], then: 'break' }],
    ['stalls before its first citation', { pieces: ['Pull', ' the'], then: 'stall' }],
  ])(
    'falls back to quotations where the model %s, and shows nothing of it',
    async (_case, reply) => {
      const result = await answer([reply]);
      expect(result.answer).toContain(QUOTED);
      expect(result.tokens.join('')).toBe(result.answer);
    },
  );

  it.each<[string, FakeReply]>([
    ['breaks off', { pieces: ['Stop. [1]', ' And'], then: 'break' }],
    ['stalls', { pieces: ['Stop. [1]', ' And'], then: 'stall' }],
  ])('fails the attempt where the model %s in what is shown', async (_case, reply) => {
    await expect(answer([reply])).rejects.toMatchObject({
      code: expect.stringMatching(/^LANGUAGE_MODEL_/),
    });
  });

  it('says that it found nothing where the model says so, and asks for the web', async () => {
    expect(await answer([{ text: 'NO_ANSWER' }])).toEqual({
      answer: 'I found nothing about this in the documents.',
      sources: [],
      needsWebSearch: true,
      tokens: ['I found nothing about this in the documents.'],
    });
  });

  it('asks the model nothing where no passage was found', async () => {
    const { sources } = await answer([], { embedding_lookup: { passages: [] } });
    expect(sources).toEqual([]);
    expect(model.requests).toEqual([]);
  });

  it('stops at once when it is aborted', async () => {
    const abort = new AbortController();
    const answering = answer(['silence'], {}, abort.signal);
    setTimeout(() => abort.abort(new Error('Enough')), 50);
    await expect(answering).rejects.toThrow('Enough');
  });
});

describe('the executor agent', () => {
  const run = async (upstream: NonNullable<StageInput['upstream']>) => {
    const found = { embedding_lookup: { passages: PASSAGES }, ...upstream };
    const input = { query: QUERY, upstream: found };
    const { output } = await runStage(ExecutorModule, 'executor_reasoning', input);
    return executorOutput.parse(output);
  };

  it('asks for the web where the intent wants it, once', async () => {
    const intent = { ...INTENT, needsWeb: true };
    expect((await run({ intent_analysis: intent })).needsWebSearch).toBe(true);
    const searched = { intent_analysis: intent, web_search: { passages: [] } };
    expect(await run(searched)).not.toHaveProperty('needsWebSearch');
    expect(await run({ intent_analysis: INTENT })).not.toHaveProperty('needsWebSearch');
    expect(await run({ intent_analysis: { other: 'shape' } })).not.toHaveProperty('needsWebSearch');
  });

  it('quotes more where its answer was sent back', async () => {
    const places = ['attic', 'barn', 'cellar', 'den', 'entry', 'foyer', 'garage'];
    const text = places.map((place) => `Stop the servers of the ${place}.`).join(' ');
    const embedding_lookup = { passages: [{ ...PASSAGES[0]!, text }] };
    const first = await run({ embedding_lookup });
    const moderation = { confidence: 0.2, reasons: ['Too little'] };
    const second = await run({ embedding_lookup, moderation });
    const spokenOf = (answer: string) => places.filter((place) => answer.includes(place));
    expect(spokenOf(first.answer)).toEqual(places.slice(0, 5));
    expect(spokenOf(second.answer)).toEqual(places);
  });
});
