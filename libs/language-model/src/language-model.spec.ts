import { LANGUAGE_MODEL_CONFIG, loadConfig } from '@askflash/config';
import { startFakeLanguageModel, type FakeLanguageModel, type FakeReply } from '@askflash/testing';
import { z } from 'zod';
import {
  LanguageModelRefusedError,
  LanguageModelReplyInvalidError,
  LanguageModelUnavailableError,
  LanguageModelUnsetError,
} from './errors';
import { openLanguageModel, type LanguageModel } from './language-model';

const PROMPT = { instructions: 'Pick a colour', material: 'Red or blue?' };
const colour = z.strictObject({ colour: z.enum(['red', 'blue']) });
const KEY = 'sk-very-secret';

describe('LanguageModel', () => {
  let endpoint: FakeLanguageModel;
  afterEach(() => endpoint.close());

  async function open(replies: readonly FakeReply[], environment: Record<string, string> = {}) {
    endpoint = await startFakeLanguageModel(...replies);
    return modelAt(endpoint.url, environment);
  }

  function modelAt(url: string, environment: Record<string, string> = {}): LanguageModel {
    const model = openLanguageModel(
      loadConfig(LANGUAGE_MODEL_CONFIG, { LLM_BASE_URL: url, LLM_MODEL: 'm1', ...environment }),
    );
    if (!model) throw new Error('There is no model');
    return model;
  }

  async function read(pieces: AsyncIterable<string>, onPiece: (text: string) => void = () => {}) {
    for await (const piece of pieces) onPiece(piece);
  }

  describe('answer', () => {
    it('asks the model named, with the key, for the schema’s shape', async () => {
      const model = await open([{ text: '{"colour":"red"}' }], { LLM_API_KEY: KEY });
      expect(await model.answer(PROMPT, colour)).toEqual({ colour: 'red' });
      expect(endpoint.requests).toEqual([
        {
          path: '/v1/chat/completions',
          authorization: `Bearer ${KEY}`,
          body: expect.objectContaining({
            model: 'm1',
            messages: [
              { role: 'system', content: expect.stringContaining('"enum":["red","blue"]') },
              { role: 'user', content: 'Red or blue?' },
            ],
            response_format: expect.objectContaining({ type: 'json_schema' }),
          }),
        },
      ]);
    });

    it('sends no key where there is none, whatever the SDK finds in its own variables', async () => {
      process.env['OPENAI_API_KEY'] = KEY;
      try {
        const model = await open([{ text: '{"colour":"red"}' }]);
        await model.answer(PROMPT, colour);
        expect(endpoint.requests[0]?.authorization).toBeUndefined();
      } finally {
        delete process.env['OPENAI_API_KEY'];
      }
    });

    it.each([
      '```json\n{"colour": "red"}\n```',
      'Gladly! {"colour":"red"} Anything else?',
      '<think>Maybe {"colour": "blue"}</think>{"colour":"red"}',
    ])('finds the object in %j', async (text) => {
      const model = await open([{ text }]);
      expect(await model.answer(PROMPT, colour)).toEqual({ colour: 'red' });
    });

    it.each<[string, FakeReply]>([
      ['no JSON', { text: 'Red, I would say.' }],
      ['broken JSON', { text: '{"colour": "red"' }],
      ['another shape', { text: '{"colour":"green"}' }],
      ['more than was asked for', { text: '{"colour":"red","why":"it is"}' }],
      ['nothing', { text: '' }],
      ['no completion', { status: 200, body: '{"choices":[]}' }],
      ['a body that is no JSON', { status: 200, body: '{"choices":' }],
      ['a web page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
      ['no end', { text: `{"colour": "${'x'.repeat(100_000)}"}` }],
    ])('refuses a reply with %s', async (_case, reply) => {
      const model = await open([reply]);
      await expect(model.answer(PROMPT, colour)).rejects.toThrow(LanguageModelReplyInvalidError);
    });

    it('does without response_format for good where the endpoint refuses it', async () => {
      const answer = { text: '{"colour":"blue"}' };
      const model = await open([{ status: 400 }, answer, answer]);
      expect(await model.answer(PROMPT, colour)).toEqual({ colour: 'blue' });
      expect(await model.answer(PROMPT, colour)).toEqual({ colour: 'blue' });
      expect(endpoint.requests.map(({ body }) => 'response_format' in body)).toEqual([
        true,
        false,
        false,
      ]);
    });
  });

  describe('retries', () => {
    const soon = { 'retry-after': '0' };

    it.each([429, 500, 503])('asks again after %d', async (status) => {
      const model = await open([
        { status, headers: soon },
        { status, headers: soon },
        { text: '{"colour":"red"}' },
      ]);
      expect(await model.answer(PROMPT, colour)).toEqual({ colour: 'red' });
      expect(endpoint.requests).toHaveLength(3);
    });

    it('gives up after the retries allowed', async () => {
      const model = await open([{ status: 500, headers: soon }], { LLM_RETRIES_COUNT: '0' });
      await expect(model.answer(PROMPT, colour)).rejects.toMatchObject({
        code: 'LANGUAGE_MODEL_UNAVAILABLE',
        fields: { status: 500 },
      });
      expect(endpoint.requests).toHaveLength(1);
    });

    it('does not wait for what comes too late', async () => {
      const model = await open([{ status: 429, headers: { 'retry-after': '3600' } }]);
      await expect(model.answer(PROMPT, colour)).rejects.toThrow(LanguageModelUnavailableError);
      expect(endpoint.requests).toHaveLength(1);
    });

    it('stops waiting when it is aborted', async () => {
      const model = await open([{ status: 429, headers: { 'retry-after': '30' } }]);
      const abort = new AbortController();
      const answer = model.answer(PROMPT, colour, { signal: abort.signal });
      const startedAt = performance.now();
      setTimeout(() => abort.abort(new Error('Enough')), 50);
      await expect(answer).rejects.toThrow('Enough');
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    });

    it.each([401, 404])('never asks again after %d, and never quotes the key', async (status) => {
      const body = JSON.stringify({ error: { message: `Bad key ${KEY}` } });
      const model = await open([{ status, body }], { LLM_API_KEY: KEY });
      const error = await model.answer(PROMPT, colour).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LanguageModelRefusedError);
      expect(String(error)).toContain(String(status));
      expect(String(error) + JSON.stringify(error)).not.toContain(KEY);
      expect(endpoint.requests).toHaveLength(1);
    });
  });

  describe('time', () => {
    it.each<[string, FakeReply]>([
      ['that says nothing', 'silence'],
      ['that stalls in its answer', { pieces: ['a'], then: 'stall' }],
    ])('gives up an endpoint %s', async (_case, reply) => {
      const model = await open([reply], { LLM_TIMEOUT_MS: '100' });
      await expect(model.answer(PROMPT, colour)).rejects.toThrow('within 100 ms');
    });

    it('leaves the caller a quarter of its time', async () => {
      const model = await open(['silence']);
      const answer = model.answer(PROMPT, colour, { timeLeftMs: 200 });
      await expect(answer).rejects.toThrow('within 150 ms');
    });

    it('says so where nobody listens', async () => {
      const model = await open([], { LLM_RETRIES_COUNT: '0' });
      await endpoint.close();
      await expect(model.answer(PROMPT, colour)).rejects.toThrow(LanguageModelUnavailableError);
    });
  });

  describe('stream', () => {
    it('gives the pieces as they come', async () => {
      const model = await open([{ pieces: ['Red', ', ', 'blue'], then: 'end' }]);
      const pieces: string[] = [];
      await read(model.stream(PROMPT), (piece) => pieces.push(piece));
      expect(pieces).toEqual(['Red', ', ', 'blue']);
    });

    it('opens again after 503', async () => {
      const model = await open([{ status: 503, headers: { 'retry-after': '0' } }, { text: 'Red' }]);
      const pieces: string[] = [];
      await read(model.stream(PROMPT), (piece) => pieces.push(piece));
      expect(pieces).toEqual(['Red']);
    });

    it.each<[string, FakeReply, RegExp]>([
      ['stalls', { pieces: ['Red'], then: 'stall' }, /within 100 ms/],
      ['breaks off', { pieces: ['Red'], then: 'break' }, /without an end/],
      ['turns to garbage', { pieces: ['Red'], then: 'garbage' }, /JSON/],
      ['never stops', { pieces: ['x'.repeat(60_000), 'x'.repeat(60_000)], then: 'end' }, /longer/],
      ['is a web page', { status: 200, body: '<html>' }, /without an end/],
    ])('fails where the reply %s', async (_case, reply, message) => {
      const model = await open([reply], { LLM_TIMEOUT_MS: '100' });
      await expect(read(model.stream(PROMPT))).rejects.toThrow(message);
    });

    it('ends with the reason of the abort, at once', async () => {
      const model = await open([{ pieces: ['Red'], then: 'stall' }]);
      const abort = new AbortController();
      const reading = read(model.stream(PROMPT, { signal: abort.signal }), () =>
        abort.abort(new Error('Enough')),
      );
      await expect(reading).rejects.toThrow('Enough');
    });
  });

  describe('configuration', () => {
    it('is no model without an endpoint, and a mistake without a model', async () => {
      await open([]);
      expect(openLanguageModel(loadConfig(LANGUAGE_MODEL_CONFIG, {}))).toBeUndefined();
      const environment = { LLM_BASE_URL: endpoint.url };
      expect(() => openLanguageModel(loadConfig(LANGUAGE_MODEL_CONFIG, environment))).toThrow(
        LanguageModelUnsetError,
      );
    });
  });
});
