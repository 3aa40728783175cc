import { z } from 'zod';

/** JSON Schema as far as the API's documents use it. */
export interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
}

export const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    default: z.unknown().optional(),
    format: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    maxLength: z.number().optional(),
    description: z.string().optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    items: schema.optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
  }),
);

/** One line of a table of fields. */
export interface Field {
  /** Such as `items[].id`; empty for the schema itself. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

type Schemas = Readonly<Record<string, Schema>>;

/** A schema and all fields below it, in their order; what refers to itself is told once. */
export function fieldsOf(root: Schema, schemas: Schemas): Field[] {
  return walk(root, schemas, { path: '', required: true, above: [] });
}

function walk(
  given: Schema,
  schemas: Schemas,
  at: { readonly path: string; readonly required: boolean; readonly above: readonly string[] },
): Field[] {
  const { $ref } = given;
  if ($ref !== undefined && at.above.includes($ref)) return [];
  const above = $ref === undefined ? at.above : [...at.above, $ref];
  const each = resolve(given, schemas);
  const own: Field = {
    path: at.path,
    type: typeOf(each, schemas),
    required: at.required,
    description: each.description ?? '',
  };
  const inner = withoutNull(each, schemas);
  const fields = Object.entries(inner.properties ?? {}).flatMap(([name, property]) =>
    walk(property, schemas, {
      path: at.path === '' ? name : `${at.path}.${name}`,
      required: inner.required?.includes(name) ?? false,
      above,
    }),
  );
  const items = inner.items
    ? walk(inner.items, schemas, { path: `${at.path}[]`, required: true, above }).slice(1)
    : [];
  return [own, ...fields, ...items];
}

function resolve(each: Schema, schemas: Schemas): Schema {
  const name = each.$ref?.split('/').at(-1);
  return (name === undefined ? undefined : schemas[name]) ?? each;
}

/** The one form of a value that may be null; the value's schema itself where it has more. */
function withoutNull(each: Schema, schemas: Schemas): Schema {
  const forms = (each.anyOf ?? each.oneOf ?? []).filter(({ type }) => type !== 'null');
  return forms.length === 1 && forms[0] ? resolve(forms[0], schemas) : each;
}

function typeOf(each: Schema, schemas: Schemas): string {
  const forms = each.anyOf ?? each.oneOf;
  const name = forms
    ? [...new Set(forms.map((form) => typeOf(resolve(form, schemas), schemas)))].join(' or ')
    : simpleType(each, schemas);
  return each.default === undefined
    ? name
    : `${name}; \`${JSON.stringify(each.default)}\` if left out`;
}

function simpleType(each: Schema, schemas: Schemas): string {
  if (each.const !== undefined) return `\`${String(each.const)}\``;
  if (each.enum) return each.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (each.items) return `list of ${typeOf(resolve(each.items, schemas), schemas)}`;
  const base = [each.type ?? 'any'].flat().join(' or ');
  const { minimum, maximum, maxLength, format } = each;
  const isBounded = minimum !== undefined && maximum !== undefined && maximum < 2 ** 53 - 1;
  return [
    base,
    format === undefined ? '' : `(${format})`,
    isBounded ? `${minimum}–${maximum}` : '',
    maxLength === undefined ? '' : `of ${maxLength} characters at most`,
  ]
    .filter(Boolean)
    .join(' ');
}
