import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

const WORD = z.string().min(1).max(255);

const deadLetter = z.object({
  id: z.string().describe('The message’s id; of one that has none, the SHA-256 of its body'),
  type: z.string().nullable().describe('Its type, such as `stage.requested.v1`'),
  subject: z.string().nullable().describe('What it is about: the id of a task'),
  reason: z
    .string()
    .describe(
      'Why, in one word: `MESSAGE_MALFORMED`, or RabbitMQ’s `delivery_limit`, `rejected` …',
    ),
  detail: z.string().nullable().describe('Why, in words'),
  queue: z.string().nullable().describe('The queue it was in'),
  exchange: z.string().nullable().describe('Where it was published to'),
  routingKey: z.string().nullable(),
  deadAt: z.iso.datetime().nullable().describe('Since when it is here'),
  firstSeenAt: z.string().nullable().describe('When it was first published'),
  deliveryCount: z.int().describe('How often it was handed out before'),
  redriveCount: z.int().describe('How often it was sent back out of the dead letters'),
  bytes: z.int().describe('Size of its body'),
  bodyPreview: z.string().describe('The beginning of its body'),
});

/** Query of `GET /dead-letters`. */
const listDeadLetters = z.strictObject({
  queue: WORD.optional().describe('Only those that were in this queue'),
  reason: WORD.optional().describe('Only those with this reason'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('How many at most'),
  cursor: z.string().max(2_000).optional().describe('`next` of the page before'),
});
export class ListDeadLettersDto extends createZodDto(listDeadLetters) {}

const deadLetterPage = z.object({
  deadLetters: z.array(deadLetter).describe('The oldest first'),
  next: z.string().describe('`cursor` of the next page; null where this is the last').nullable(),
  matching: z.int().describe('How many match, on all pages'),
  lookedAt: z.int().describe('How many were looked at'),
  complete: z.boolean().describe('Whether these are all there are; false where there are too many'),
});
export type DeadLetterPage = z.output<typeof deadLetterPage>;
export class DeadLetterPageDto extends createZodDto(deadLetterPage) {}

const deadLetterFilter = z
  .strictObject({
    queue: WORD.optional().describe('Only those that were in this queue'),
    reason: WORD.optional().describe('Only those with this reason'),
    type: WORD.optional().describe('Only those of this type'),
    ids: z.array(WORD).min(1).max(1_000).optional().describe('Only these'),
    deadBefore: z.iso.datetime().optional().describe('Only those that are here since before this'),
  })
  .describe('All that is named has to fit; all dead letters where nothing is named');
export type DeadLetterFilter = z.output<typeof deadLetterFilter>;

/** Body of `POST /dead-letters/redrive`. */
export const redriveRequest = z.strictObject({
  filter: deadLetterFilter.default({}),
  dryRun: z.boolean().default(true).describe('Only tell what would be sent back'),
  limit: z.int().min(1).max(10_000).default(1_000).describe('How many to send back at most'),
  ratePerSecond: z
    .number()
    .min(0.1)
    .max(500)
    .default(50)
    .describe('How many to send back a second at most'),
  stopOnErrorRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe(
      'Stop where more than this share fails, of ten at least; 0 stops at the first, 1 never',
    ),
});
export type RedriveRequest = z.output<typeof redriveRequest>;
export class RedriveRequestDto extends createZodDto(redriveRequest) {}

/**
 * - `redriven`: it is in its queue again, and no dead letter any more;
 * - `failed`: it is still a dead letter, `error` tells why;
 * - `left`: it matches and was not come to; in a dry run, it would be sent back.
 */
export const REDRIVE_OUTCOMES = ['redriven', 'failed', 'left'] as const;

/** Why a redrive ended. */
export const REDRIVE_ENDS = [
  'done',
  'limit',
  'error_rate',
  'time',
  'client_gone',
  'shutdown',
  'broker_lost',
] as const;

const redriveReport = z.object({
  dryRun: z.boolean(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  lookedAt: z.int().describe('How many dead letters were looked at'),
  complete: z.boolean().describe('Whether these are all there are; false where there are too many'),
  matching: z.int(),
  redriven: z.int(),
  failed: z.int(),
  left: z.int(),
  endedBy: z
    .enum(REDRIVE_ENDS)
    .describe('`done` where it came to every one; `limit`, `time` … where some are `left`'),
  items: z.array(
    z.object({
      id: z.string(),
      type: z.string().nullable(),
      subject: z.string().nullable(),
      queue: z.string().nullable().describe('Where it was sent back to, or would be'),
      reason: z.string(),
      outcome: z
        .enum(REDRIVE_OUTCOMES)
        .describe('`redriven`, `failed` (still a dead letter), or `left` (not come to)'),
      error: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
});
export type RedriveReport = z.output<typeof redriveReport>;
export class RedriveReportDto extends createZodDto(redriveReport) {}
