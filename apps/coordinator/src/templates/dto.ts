import { NAME } from '@askflash/contracts';
import { taskTemplate } from '@askflash/dag-templates';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

/** A template, in the form it is stored. */
export class TemplateDto extends createZodDto(taskTemplate) {}

/** Body of `PUT /templates/:name`: its name is the path’s and its version the next one. */
export class TemplateBodyDto extends createZodDto(
  taskTemplate.omit({ name: true, version: true }),
) {}

/** Answer of `GET /templates`. */
export class TemplateListDto extends createZodDto(
  z.strictObject({ templates: z.array(taskTemplate) }),
) {}

/** Answer of `POST /templates/validate`. */
export class TemplateValidationDto extends createZodDto(
  z.strictObject({
    valid: z.boolean(),
    problems: z.array(
      z.strictObject({
        code: z.string(),
        path: z.string().describe('Keys and indices from the outside in, joined by dots'),
        message: z.string(),
      }),
    ),
  }),
) {}

/** Path parameters of everything below `/templates/:name`. */
export class TemplateParams extends createZodDto(z.object({ name: NAME })) {}

/** Which version is meant. */
export class TemplateVersionQuery extends createZodDto(
  z.strictObject({
    version: z.coerce
      .number()
      .int()
      .min(1)
      .max(2_147_483_647)
      .optional()
      .describe('Where left out the one that new tasks take'),
  }),
) {}
