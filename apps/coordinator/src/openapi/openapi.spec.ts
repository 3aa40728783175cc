import { OPEN_ROUTES } from '@askflash/service-kit';
import type { OpenAPIObject } from '@nestjs/swagger';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { METHODS } from './complete-operations';
import { createDocument } from './document';
import { EXAMPLES } from './examples';
import { previewApp } from './preview';
import { renderDocument } from './render-document';

const run = promisify(execFile);

/** The validator is an ES module, which Jest does not load: its command is run instead. */
const VALIDATOR = join(
  dirname(require.resolve('@seriousme/openapi-schema-validator')),
  'bin/validate-api-cli.js',
);
const COMMITTED = join(__dirname, '../../../../docs/reference/openapi.json');

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

describe('the OpenAPI document', () => {
  let document: OpenAPIObject;
  let operations: (readonly [route: string, operation: Operation])[];

  beforeAll(async () => {
    document = createDocument(await previewApp());
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const operation = item[method];
        return operation ? [[`${method.toUpperCase()} ${path}`, operation] as const] : [];
      }),
    );
  });

  const isOpen = (route: string) => OPEN_ROUTES.has(route.split(' ')[1] ?? '');

  it('is docs/reference/openapi.json; run `npm run docs` and commit', async () => {
    expect(readFileSync(COMMITTED, 'utf8')).toBe(await renderDocument());
  });

  it('is valid', async () => {
    expect(await validate(document)).toEqual({ valid: true });
  });

  it('would be found out if it were not', async () => {
    expect(await validate({ ...document, info: undefined })).toMatchObject({ valid: false });
  });

  it('names no schema that it does not hold', () => {
    const known = Object.keys(document.components?.schemas ?? {});
    const named = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, ref]) => ref,
    );
    expect(named.length).toBeGreaterThan(10);
    expect(
      named.filter((ref) => !known.includes(ref?.replace('#/components/schemas/', '') ?? '')),
    ).toEqual([]);
  });

  it('has each operation under an id of its own, with a summary and what it answers', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const poor = operations.filter(([, { operationId = '', summary, responses }]) => {
      const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      const isTold = successes.every(
        ([status, response]) =>
          status === '204' || (response && 'content' in response && response.content),
      );
      return !/^[a-z][A-Za-z]+$/.test(operationId) || !summary || !isTold || !successes.length;
    });
    expect(poor.map(([route]) => route)).toEqual([]);
  });

  it('tells of each operation who may use it, and what refuses them', () => {
    for (const [route, operation] of operations) {
      const { security, responses } = operation;
      const roles: unknown = new Map(Object.entries(operation)).get('x-askflash-roles');
      if (isOpen(route)) {
        expect([route, security, roles]).toEqual([route, [], undefined]);
      } else {
        expect([route, security]).toEqual([route, [{ apiKey: [] }]]);
        expect([route, roles]).toEqual([route, expect.arrayContaining(['admin'])]);
        expect(Object.keys(responses)).toEqual(
          expect.arrayContaining(['401', '403', '429', 'default']),
        );
      }
    }
    expect(operations.filter(([route]) => isOpen(route))).toHaveLength(OPEN_ROUTES.size);
  });

  it('answers every error with a problem', () => {
    for (const [route, { responses }] of operations) {
      for (const [status, response] of Object.entries(responses)) {
        if (/^[23]/.test(status) || isOpen(route)) continue;
        expect([route, status, response]).toEqual([
          route,
          status,
          expect.objectContaining({
            content: {
              'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
            },
          }),
        ]);
      }
    }
  });

  it('has an example of each body, as its schema wants it', () => {
    const ajv = addFormats(new Ajv2020({ strict: false, schemas: [{ $id: 'api', ...document }] }));
    const problems: unknown[] = [];
    const check = (pointer: string, example: unknown) => {
      const isValid = ajv.getSchema(`api#${pointer}`);
      if (example === undefined) problems.push(`${pointer} has no example`);
      else if (!isValid?.(example)) problems.push([pointer, isValid?.errors]);
    };
    for (const [path, item] of Object.entries(document.paths)) {
      if (OPEN_ROUTES.has(path)) continue;
      for (const method of METHODS) {
        const operation = item[method];
        if (!operation) continue;
        const base = `/paths/${encodeURIComponent(path.replaceAll('/', '~1'))}/${method}`;
        const json = 'content/application~1json/schema';
        const { requestBody, responses, operationId = '' } = operation;
        if (requestBody) check(`${base}/requestBody/${json}`, EXAMPLES[operationId]?.request);
        for (const [status, response] of Object.entries(responses)) {
          if (!response || !('content' in response) || !response.content?.['application/json'])
            continue;
          check(`${base}/responses/${status}/${json}`, EXAMPLES[operationId]?.response);
        }
      }
    }
    expect(problems).toEqual([]);
  });
});

async function validate(document: object): Promise<unknown> {
  const file = join(mkdtempSync(join(tmpdir(), 'openapi-')), 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  const { stdout } = await run(process.execPath, [VALIDATOR, file]).catch((error) => error);
  return JSON.parse(stdout);
}
