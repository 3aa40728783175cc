import { JSON_VALUE } from '@askflash/contracts';
import { z } from 'zod';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Names under `$defs` for what refers to itself; zod would number it. */
const NAMES = z.registry<{ id?: string }>();
NAMES.add(JSON_VALUE, { id: 'JsonValue' });

/** What may be sent, as a JSON Schema that stands on its own. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', metadata: NAMES });
}

/** The same as a document: named, and found by its `$id` without any network. */
export function schemaDocument(
  schema: z.ZodType,
  { name, description }: { readonly name: string; readonly description: string },
): JsonSchema {
  const { $schema, ...rest } = jsonSchemaOf(schema);
  return { $schema, $id: `urn:askflash:${name}`, title: name, description, ...rest };
}

/** The same as a part of a document that names the draft itself. */
export function inlineSchemaOf(schema: z.ZodType): JsonSchema {
  return { ...jsonSchemaOf(schema), $schema: undefined };
}

/** The same as a component of AsyncAPI; its definitions become components beside it. */
export function componentsOf(
  name: string,
  schema: z.ZodType,
): Readonly<Record<string, JsonSchema>> {
  const text = JSON.stringify(inlineSchemaOf(schema));
  const { $defs = {}, ...own }: JsonSchema = JSON.parse(
    text.replaceAll('"#/$defs/', '"#/components/schemas/'),
  );
  return { ...$defs, [name]: own };
}
