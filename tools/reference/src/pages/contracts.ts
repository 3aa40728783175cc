import {
  AGENTS,
  CONTRACTS,
  COORDINATOR_STAGES,
  STAGE_NAMES,
  agentByStage,
  outputSchemaOf,
} from '@askflash/contracts';
import { z } from 'zod';
import { block, code, page, table } from '../markdown';

/** Agents, stages and messages, for who writes an agent in another language. */
export function contractsPage(): string {
  return page(
    'Contracts',
    'What agents and the coordinator say to each other. A changed shape is a new version of its type.',
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
    '## Messages\n\nThe body is JSON; the type is the CloudEvents attribute of that name.',
    ...CONTRACTS.map(({ type, description, exchange, schema }) =>
      [
        `### ${code(type)}`,
        `${description} Published to ${code(exchange)}.`,
        block('json', jsonSchema(schema)),
      ].join('\n\n'),
    ),
    '## Outputs of stages',
    ...STAGE_NAMES.map(stageOutput),
  );
}

function stageOutput(stage: string): string {
  const schema = outputSchemaOf(stage);
  const by = agentByStage(stage)?.name ?? 'the coordinator';
  return [
    `### ${code(stage)}`,
    `Worked off by ${by}. ${schema ? 'Its output:' : 'Its output may be any JSON object.'}`,
    ...(schema ? [block('json', jsonSchema(schema))] : []),
  ].join('\n\n');
}

function jsonSchema(schema: z.ZodType): string {
  return JSON.stringify(z.toJSONSchema(schema), null, 2);
}
