import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';

/** Serves the API's OpenAPI document: for people at `/docs`, for programs at `/docs-json`. */
export function serveDocs(app: INestApplication): void {
  const about = new DocumentBuilder()
    .setTitle('AskFlash MCP coordinator')
    .setDescription('Hand in a query, watch it being worked off, get the answer.')
    .setVersion('1')
    .build();
  SwaggerModule.setup('docs', app, () =>
    cleanupOpenApiDoc(SwaggerModule.createDocument(app, about)),
  );
}
