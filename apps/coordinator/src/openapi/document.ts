import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { completeOperations } from './complete-operations';
import { EXTRA_MODELS } from './extra-models';

const DESCRIPTION = `
Hand in a query, watch it being worked off, get the answer.

Send a key as \`Authorization: Bearer <key>\`. A key has a role: \`submit\` hands tasks in and looks at
them, \`read\` looks at everything, \`admin\` does everything; each operation says which roles it is for.
A \`submit\` key may be bound to one user, and sees that user’s tasks only. A coordinator without keys
asks nobody for one, and binds to loopback only.

Every error is an \`application/problem+json\` with a stable \`code\` and what to do about it.
`.trim();

/** The API's OpenAPI document, whole. */
export function createDocument(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('AskFlash MCP coordinator')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The coordinator that serves this document')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'A key that `npm run api-key` made' },
      'apiKey',
    )
    .build();
  const document = SwaggerModule.createDocument(app, about, {
    operationIdFactory: operationIdOf,
    extraModels: EXTRA_MODELS,
  });
  return completeOperations(withoutSuffix(cleanupOpenApiDoc(document)));
}

/** `TasksController`, `create` → `tasksCreate`: stable as long as neither is renamed. */
function operationIdOf(controller: string, method: string): string {
  const subject = controller.replace(/Controller$/, '');
  return `${subject.charAt(0).toLowerCase()}${subject.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

/** Schemas under the names that clients know them by: `CreateTaskDto` → `CreateTask`. */
function withoutSuffix(document: OpenAPIObject): OpenAPIObject {
  const short = (name: string) => name.replace(/Dto(__schema\d+)?$/, '$1');
  const schemas = Object.entries(document.components?.schemas ?? {});
  const renamed: OpenAPIObject = {
    ...document,
    components: {
      ...document.components,
      schemas: Object.fromEntries(schemas.map(([name, schema]) => [short(name), schema])),
    },
  };
  return JSON.parse(JSON.stringify(renamed), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? short(value) : value,
  );
}
