import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { block, code, page, table } from '../markdown';
import { fieldsOf, schema, type Schema } from './schema-fields';

const content = z.record(
  z.string(),
  z.object({ schema: schema.optional(), example: z.unknown().optional() }),
);
const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string().optional(),
  tags: z.array(z.string()),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema,
      }),
    )
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: content.optional() }),
  ),
  'x-askflash-roles': z.array(z.string()).default([]),
});
type Operation = z.output<typeof operation>;

const openApi = z.object({
  info: z.object({ description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schema) }),
});

/** Told once, and not with every operation. */
const COMMON = ['400', '401', '403', '429', 'default'];

interface Route extends Operation {
  readonly route: string;
}

/** The coordinator's HTTP API, out of the OpenAPI document that it writes itself. */
export function apiPage(workspaceRoot: string): string {
  const file = join(workspaceRoot, 'docs/reference/openapi.json');
  const { info, paths, components } = openApi.parse(JSON.parse(readFileSync(file, 'utf8')));
  const routes = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, each]) => ({
      ...each,
      route: `${method.toUpperCase()} ${path}`,
    })),
  );
  const common = new Map(
    routes.flatMap(({ responses }) =>
      Object.entries(responses).map(([status, { description }]) => [status, description] as const),
    ),
  );
  const tags = [...new Set(routes.flatMap(({ tags: [tag = ''] }) => tag))].sort();
  return page(
    'HTTP API',
    'Of the coordinator. For programs: [openapi.json](openapi.json), and `/docs-json` of a coordinator that runs.',
    info.description,
    [
      'Any operation that is not open may answer:',
      ...COMMON.map((status) => `- ${status}: ${common.get(status)}`),
    ].join('\n'),
    table(
      ['Operation', 'What it does', 'Roles', 'Id'],
      routes.map(({ route, summary, operationId, ...rest }) => [
        code(route),
        summary,
        rolesOf(rest),
        code(operationId),
      ]),
    ),
    ...tags.flatMap((tag) => [
      `## ${tag.charAt(0).toUpperCase()}${tag.slice(1)}`,
      ...routes
        .filter(({ tags: [first] }) => first === tag)
        .map((each) => routeSection(each, components.schemas)),
    ]),
  );
}

function rolesOf({ 'x-askflash-roles': roles }: Pick<Operation, 'x-askflash-roles'>): string {
  return roles.join(', ') || 'everybody';
}

function routeSection(route: Route, schemas: Readonly<Record<string, Schema>>): string {
  const request = route.requestBody?.content['application/json'];
  const [status, success] = Object.entries(route.responses).find(([key]) => /^2/.test(key)) ?? [];
  const [type, answer] = Object.entries(success?.content ?? {})[0] ?? [];
  return [
    `### ${code(route.route)}`,
    `${route.summary}. For ${rolesOf(route)}.`,
    route.description,
    route.parameters.length > 0 && parametersTable(route, schemas),
    request?.schema && `The body:\n\n${fieldsTable(request.schema, schemas)}`,
    request?.example !== undefined && block('json', JSON.stringify(request.example, null, 2)),
    status !== undefined && `Answers ${status}${type === undefined ? '' : `, ${code(type)}`}:`,
    answer?.schema && fieldsTable(answer.schema, schemas),
    answer?.example !== undefined &&
      (typeof answer.example === 'string'
        ? block('text', answer.example)
        : block('json', JSON.stringify(answer.example, null, 2))),
    ...otherAnswers(route, status),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function parametersTable({ parameters }: Route, schemas: Readonly<Record<string, Schema>>): string {
  return table(
    ['Parameter', 'In', 'Type', 'What it is'],
    parameters.map(({ name, in: where, required, description = '', schema: type }) => [
      code(name) + (required ? ', required' : ''),
      where,
      fieldsOf(type, schemas)[0]?.type ?? '',
      description,
    ]),
  );
}

function fieldsTable(root: Schema, schemas: Readonly<Record<string, Schema>>): string {
  const fields = fieldsOf(root, schemas).filter(({ path }) => path !== '');
  if (fields.length === 0) return '';
  return table(
    ['Field', 'Type', 'What it is'],
    fields.map(({ path, type, required, description }) => [
      code(path) + (required ? '' : ', optional'),
      type,
      description,
    ]),
  );
}

function otherAnswers({ responses }: Route, success: string | undefined): string[] {
  const others = Object.entries(responses)
    .filter(([status]) => status !== success && !COMMON.includes(status))
    .map(([status, { description }]) => `- ${status}: ${description}`);
  return others.length === 0 ? [] : ['It may also answer:', others.join('\n')];
}
