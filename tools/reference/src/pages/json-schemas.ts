import { CONTRACTS, STAGE_NAMES, outputSchemaOf } from '@askflash/contracts';
import { schemaDocument, type JsonSchema } from '../json-schema';

/** A JSON Schema for each contract and each stage's output, by file name. */
export function jsonSchemas(): Readonly<Record<string, JsonSchema>> {
  const contracts = CONTRACTS.map(
    ({ type, description, schema }) =>
      [schemaFileOf(type), schemaDocument(schema, { name: type, description })] as const,
  );
  const outputs = STAGE_NAMES.flatMap((stage) => {
    const schema = outputSchemaOf(stage);
    if (!schema) return [];
    const name = outputOf(stage);
    const description = `The output of the stage ${stage}.`;
    return [[schemaFileOf(name), schemaDocument(schema, { name, description })] as const];
  });
  return Object.fromEntries([...contracts, ...outputs]);
}

/** The file of a schema: `stage.requested.v1.schema.json`. */
export function schemaFileOf(name: string): string {
  return `${name}.schema.json`;
}

/** The name of the schema of a stage's output: `moderation.output`. */
export function outputOf(stage: string): string {
  return `${stage}.output`;
}
