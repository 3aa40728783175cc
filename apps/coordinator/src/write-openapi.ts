import { reportFailure } from '@askflash/service-kit';
import { writeFileSync } from 'node:fs';
import { renderDocument } from './openapi/render-document';

/** Writes the API's OpenAPI document to the file named, or to standard output; `npm run docs` runs it. */
async function main(): Promise<void> {
  const text = await renderDocument();
  const [file] = process.argv.slice(2);
  if (file === undefined) process.stdout.write(text);
  else {
    writeFileSync(file, text);
    process.stdout.write(`${file}\n`);
  }
}

main().catch((error: unknown) => {
  process.exitCode = reportFailure(error);
});
