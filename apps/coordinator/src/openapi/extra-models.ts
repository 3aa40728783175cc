import { progressEvent, taskEvent } from '@askflash/contracts';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

const problem = z
  .looseObject({
    type: z.string().describe('`urn:askflash:error:<CODE>`, or `about:blank`'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What went wrong this time'),
    code: z.string().describe('Stable; docs/reference/errors.md lists them'),
    remedy: z.string().optional().describe('What to do about it'),
    fields: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Ids and figures of this case; of a bad request, what is wrong where'),
  })
  .describe('An error, as RFC 9457 has it');
class ProblemDto extends createZodDto(problem) {}

const healthReport = z.object({
  status: z.enum(['ok', 'error']),
  checks: z.record(
    z.string(),
    z.object({
      status: z.enum(['up', 'down']),
      latencyMs: z.number(),
      detail: z.record(z.string(), z.unknown()).optional(),
      reason: z.string().optional(),
      remedy: z.string().optional(),
    }),
  ),
});
class HealthReportDto extends createZodDto(healthReport) {}

const liveness = z.object({ status: z.literal('ok') });
class LivenessDto extends createZodDto(liveness) {}

class TaskEventDto extends createZodDto(taskEvent) {}

/** No class can extend a union. */
const [progress, token] = progressEvent.options;
class ProgressEventDto extends createZodDto(progress) {}
class TokenEventDto extends createZodDto(token) {}

/** What the API speaks of and no route names. */
export const EXTRA_MODELS = [
  ProblemDto,
  HealthReportDto,
  LivenessDto,
  TaskEventDto,
  ProgressEventDto,
  TokenEventDto,
];
