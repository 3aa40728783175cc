import { z } from 'zod';

/**
 * W3C trace context: version, id of the trace, id of the span that caused what carries it, flags.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export const TRACEPARENT = z
  .string()
  .regex(/^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/);

/** Headers that make a message a CloudEvent in binary mode; those of W3C trace context may join them. */
export const eventHeaders = z.looseObject({
  'cloudEvents:specversion': z.literal('1.0'),
  /** A duplicate has the same. */
  'cloudEvents:id': z.string().min(1),
  /** The contract, version included. */
  'cloudEvents:type': z.string(),
  /** Who sent it: `/embedding-agent`. */
  'cloudEvents:source': z.string().min(1),
  /** Most often the task's id. */
  'cloudEvents:subject': z.string(),
  'cloudEvents:time': z.iso.datetime(),
  traceparent: TRACEPARENT.optional(),
});
