import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AGENTS,
  CONTRACTS,
  COORDINATOR_STAGES,
  STAGE_NAMES,
  agentByStage,
  eventHeaders,
  outputSchemaOf,
  sampleFileOf,
} from '@askflash/contracts';
import { z } from 'zod';
import { jsonSchemaOf } from '../json-schema';
import { block, code, page, table } from '../markdown';
import { outputOf, schemaFileOf } from './json-schemas';
import { fieldsOf, schema as fields } from './schema-fields';

/** Agents, stages and messages, for who writes an agent in another language. */
export function contractsPage(workspaceRoot: string): string {
  return page(
    'Contracts',
    'What agents and the coordinator say to each other. A changed shape is a new version of its type.',
    [
      'For programs: [asyncapi.json](contracts/asyncapi.json) (AsyncAPI 3.0), and a JSON Schema (draft',
      '2020-12) of each message and output. [Agents in other languages](../other-languages.md) says how an',
      'agent uses them.',
    ].join('\n'),
    '## Agents',
    table(
      ['Agent', 'Queue', 'Stages', 'What it does'],
      AGENTS.map(({ name, queue, stages, description }) => [
        name,
        code(queue),
        stages.map(code).join(', '),
        description,
      ]),
    ),
    `The coordinator itself works off ${COORDINATOR_STAGES.map(code).join(', ')}.`,
    '## Headers of a message',
    'A message is a CloudEvent 1.0 in binary mode: its attributes are headers, its body is JSON.',
    fieldsTable(eventHeaders),
    '## Messages',
    ...CONTRACTS.map(({ type, description, exchange, schema }) =>
      [
        `### ${code(type)}`,
        `${description} Published to ${code(exchange)}; ${linkTo(type)}.`,
        fieldsTable(schema),
        'For example:',
        block(
          'json',
          readFileSync(join(workspaceRoot, 'libs/contracts/src', sampleFileOf(type)), 'utf8'),
        ),
      ].join('\n\n'),
    ),
    '## Outputs of stages',
    ...STAGE_NAMES.map(stageOutput),
  );
}

function stageOutput(stage: string): string {
  const schema = outputSchemaOf(stage);
  const by = agentByStage(stage)?.name ?? 'the coordinator';
  const output = schema
    ? `Its output; ${linkTo(outputOf(stage))}:`
    : 'Its output may be any JSON object.';
  return [
    `### ${code(stage)}`,
    `Worked off by ${by}. ${output}`,
    ...(schema ? [fieldsTable(schema)] : []),
  ].join('\n\n');
}

function linkTo(name: string): string {
  return `[${schemaFileOf(name)}](contracts/${schemaFileOf(name)})`;
}

function fieldsTable(schema: z.ZodType): string {
  const rows = fieldsOf(fields.parse(jsonSchemaOf(schema)), {}).filter(({ path }) => path !== '');
  return table(
    ['Field', 'Type'],
    rows.map(({ path, type, required }) => [code(path) + (required ? '' : ', optional'), type]),
  );
}
