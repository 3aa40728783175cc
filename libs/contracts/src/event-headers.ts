import { z } from 'zod';

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
  traceparent: z.string().optional(),
});
