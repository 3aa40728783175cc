import { createDocument } from './document';
import { previewApp } from './preview';

/** The OpenAPI document as `docs/reference/openapi.json` holds it; needs no server. */
export async function renderDocument(): Promise<string> {
  return `${JSON.stringify(createDocument(await previewApp()), null, 2)}\n`;
}
