import type { DataSource } from 'typeorm';
import { z } from 'zod';

const relations = z.array(
  z.object({
    name: z.string(),
    comment: z.string().nullable(),
    definition: z.string().nullable(),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        nullable: z.boolean(),
        default: z.string().nullable(),
      }),
    ),
    indexes: z.array(
      z.object({ name: z.string(), definition: z.string(), comment: z.string().nullable() }),
    ),
    constraints: z.array(z.object({ name: z.string(), definition: z.string() })),
    triggers: z.array(z.string()),
  }),
);
type Relation = z.output<typeof relations>[number];

/** The schema of a database as a page of the reference, from PostgreSQL's own catalogue. */
export async function describeSchema(dataSource: DataSource): Promise<string> {
  const found = relations.parse(await dataSource.query(CATALOGUE));
  const tables = found.filter(({ definition }) => definition === null);
  const views = found.filter(({ definition }) => definition !== null);
  return `# Schema

Generated from a migrated database by \`nx run typeorm-entities:schema\`; a test compares it. The same
as SQL stands in [infrastructure/database/schema.sql](../../infrastructure/database/schema.sql). Each
index names what of \`libs/typeorm-entities/src/queries\` needs it.

## Tables

${tables.map(describeTable).join('\n\n')}

## Views

${views.map(describeView).join('\n\n')}
`;
}

function describeTable({ name, comment, columns, indexes, constraints, triggers }: Relation) {
  return [
    `### \`${name}\``,
    ...(comment === null ? [] : [comment]),
    table(
      ['column', 'type', 'null', 'default'],
      columns.map((column) => [
        code(column.name),
        code(column.type),
        column.nullable ? 'yes' : 'no',
        column.default === null ? '' : code(column.default),
      ]),
    ),
    table(
      ['index', 'on', 'serves'],
      indexes.map((index) => [code(index.name), code(index.definition), index.comment ?? '']),
    ),
    ...(constraints.length === 0
      ? []
      : [
          table(
            ['constraint', 'rule'],
            constraints.map(({ name, definition }) => [code(name), code(definition)]),
          ),
        ]),
    ...triggers.map((trigger) => `Trigger: ${code(trigger)}`),
  ].join('\n\n');
}

function describeView({ name, comment, columns }: Relation) {
  return [
    `### \`${name}\``,
    ...(comment === null ? [] : [comment]),
    table(
      ['column', 'type'],
      columns.map((column) => [code(column.name), code(column.type)]),
    ),
  ].join('\n\n');
}

const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``;

/** Padded as prettier pads it, so that formatting leaves the file as it is. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[[...head], ...rows].map((row) => row[column]?.length ?? title.length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Types of PostgreSQL are spelt out by format_type; index definitions are cut to what they cover. */
const CATALOGUE = `
SELECT c.relname AS name,
       obj_description(c.oid, 'pg_class') AS comment,
       CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) END AS definition,
       (SELECT json_agg(json_build_object(
                 'name', a.attname,
                 'type', format_type(a.atttypid, a.atttypmod),
                 'nullable', NOT a.attnotnull,
                 'default', pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
          FROM pg_attribute a
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       (SELECT coalesce(json_agg(json_build_object(
                 'name', x.relname,
                 'definition', CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END ||
                               substring(pg_get_indexdef(i.indexrelid) FROM 'USING \\w+ (.*)$'),
                 'comment', obj_description(x.oid, 'pg_class'))
               ORDER BY i.indisprimary DESC, x.relname), '[]')
          FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = c.oid) AS indexes,
       (SELECT coalesce(json_agg(json_build_object(
                 'name', k.conname, 'definition', pg_get_constraintdef(k.oid))
               ORDER BY k.contype DESC, k.conname), '[]')
          FROM pg_constraint k
         WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f')) AS constraints,
       (SELECT coalesce(json_agg(
                 regexp_replace(pg_get_triggerdef(t.oid), '^CREATE TRIGGER (\\w+) (.*) ON public\\.\\w+ ',
                                '\\1 \\2 ') ORDER BY t.tgname), '[]')
          FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
 ORDER BY c.relname`;
