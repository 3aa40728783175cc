import type { z } from 'zod';
import { LanguageModelReplyInvalidError } from './errors';

const THOUGHTS = /<think>[\s\S]*?<\/think>/g;

/**
 * Finds the JSON object in what a model replied, which may stand in a fence, between sentences or
 * after what the model thought aloud, and checks it.
 *
 * @throws {LanguageModelReplyInvalidError} where there is none, or it has another shape
 */
export function parseReply<Schema extends z.ZodType>(
  reply: string,
  schema: Schema,
): z.output<Schema> {
  const said = reply.replace(THOUGHTS, '');
  const json = said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new LanguageModelReplyInvalidError('The reply holds no JSON object', { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'it'}: ${code}`);
  throw new LanguageModelReplyInvalidError(`The reply has another shape: ${places.join('; ')}`);
}
