import { LANGUAGE_MODEL_CONFIG, loadConfig, type ConfigOf } from '@askflash/config';
import { APIError, type OpenAI } from 'openai';
import { z } from 'zod';
import { Endpoint, type Call, type CallOptions } from './endpoint';
import { LanguageModelReplyInvalidError, LanguageModelUnsetError } from './errors';
import { parseReply } from './parse-reply';

/** What a model is asked. */
export interface Prompt {
  /** What it is to do. */
  readonly instructions: string;
  /** What it is to do it with; may hold anybody's words, so it belongs under no instruction. */
  readonly material: string;
}

/** Longest reply that is read, in characters: a model that never stops is stopped. */
const MAX_REPLY_LENGTH = 100_000;

const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
});
const chunk = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish() }).nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
});

/**
 * The language model that the configuration names, by default that of the environment; undefined
 * where it names none.
 *
 * @throws {LanguageModelUnsetError} where an endpoint is named without a model
 */
export function openLanguageModel(
  config: ConfigOf<typeof LANGUAGE_MODEL_CONFIG> = loadConfig(LANGUAGE_MODEL_CONFIG),
): LanguageModel | undefined {
  const { llmBaseUrl, llmApiKey, llmModel, llmTimeoutMs, llmRetries } = config;
  if (llmBaseUrl === undefined) return undefined;
  if (llmModel === undefined) throw new LanguageModelUnsetError('LLM_MODEL is not set');
  const endpoint = new Endpoint({
    baseUrl: llmBaseUrl,
    apiKey: llmApiKey,
    timeoutMs: llmTimeoutMs,
    retries: llmRetries,
  });
  return new LanguageModel(endpoint, llmModel);
}

/**
 * A chat model of an OpenAI-compatible endpoint. Its calls reject with a {@link LanguageModelError},
 * or with the signal's reason where that aborts.
 */
export class LanguageModel {
  /** Some endpoints know no `response_format`; the first refusal settles it. */
  private takesFormat = true;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly model: string,
  ) {}

  /**
   * Asks for an answer of the schema's shape, a JSON object.
   *
   * @throws {LanguageModelReplyInvalidError} where the reply has another shape
   */
  async answer<Schema extends z.ZodType>(
    { instructions, material }: Prompt,
    schema: Schema,
    options: CallOptions = {},
  ): Promise<z.output<Schema>> {
    const shape = z.toJSONSchema(schema);
    const messages = messagesOf({
      instructions: `${instructions}\n\nReply with one JSON object of this schema and nothing else:\n${JSON.stringify(shape)}`,
      material,
    });
    const reply = await this.complete(this.endpoint.call(options), messages, shape);
    return parseReply(reply, schema);
  }

  /**
   * Asks for a text, which comes in pieces.
   *
   * @throws {LanguageModelUnavailableError} also where it breaks off in the middle
   */
  async *stream(prompt: Prompt, options: CallOptions = {}): AsyncGenerator<string, void> {
    const call = this.endpoint.call(options);
    const chunks = await call.request((client, signal) =>
      client.chat.completions.create(
        { model: this.model, messages: messagesOf(prompt), stream: true },
        { signal },
      ),
    );
    let length = 0;
    let isFinished = false;
    try {
      for await (const received of chunks) {
        const choice = chunk.safeParse(received).data?.choices[0];
        isFinished ||= Boolean(choice?.finish_reason);
        const text = choice?.delta?.content ?? '';
        length += text.length;
        if (length > MAX_REPLY_LENGTH) throw tooLong();
        if (text !== '') yield text;
      }
    } catch (error) {
      throw call.explain(error);
    }
    call.throwIfOver();
    if (!isFinished) throw new LanguageModelReplyInvalidError('The reply ends without an end');
  }

  private async complete(
    call: Call,
    messages: OpenAI.ChatCompletionMessageParam[],
    schema: Record<string, unknown>,
  ): Promise<string> {
    const response = await call.request(async (client, signal) => {
      const body = { model: this.model, messages };
      if (!this.takesFormat) return client.chat.completions.create(body, { signal });
      try {
        return await client.chat.completions.create(
          {
            ...body,
            response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
          },
          { signal },
        );
      } catch (error) {
        if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422))
          throw error;
        this.takesFormat = false;
        return client.chat.completions.create(body, { signal });
      }
    });
    const reply = completion.safeParse(response).data?.choices[0]?.message.content;
    if (!reply) throw new LanguageModelReplyInvalidError('The model replied with nothing');
    if (reply.length > MAX_REPLY_LENGTH) throw tooLong();
    return reply;
  }
}

function messagesOf({ instructions, material }: Prompt): OpenAI.ChatCompletionMessageParam[] {
  return [
    { role: 'system', content: instructions },
    { role: 'user', content: material },
  ];
}

function tooLong(): LanguageModelReplyInvalidError {
  return new LanguageModelReplyInvalidError(
    `The reply is longer than ${MAX_REPLY_LENGTH} characters`,
  );
}
