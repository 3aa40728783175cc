import { z } from 'zod';

/** A JSON value, as it crosses the broker, Redis and PostgreSQL. */
export type JsonValue =
  string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A JSON object, as it crosses the broker, Redis and PostgreSQL. */
export type JsonObject = { [key: string]: JsonValue };

/** Matches a UUIDv7, the form of every id of the backbone (time-ordered, RFC 9562 §5.7). */
export const ID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A UUIDv7 in lower case. */
export const ID = z.string().regex(ID_PATTERN, 'must be a UUIDv7 in lower case');

/** Name of a stage, an agent or a template: lower snake case or kebab case, 1–64 characters. */
export const NAME = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/, 'must be lower case, parted by _ or -');

/** Any JSON value. */
export const JSON_VALUE = z.json();

/** Any JSON object; its depth and size are bounded before it is parsed. */
export const JSON_OBJECT: z.ZodType<JsonObject> = z.record(z.string(), JSON_VALUE);
