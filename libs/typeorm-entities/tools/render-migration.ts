import type { SchemaDifference } from '../src/migrate/view-differences';

/** A migration's class and file, by what it does and when it was made. */
export function nameMigration(name: string, madeAt: Date): { className: string; file: string } {
  const time = madeAt.getTime();
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
  return { className: `${name}${time}`, file: `${time}-${words}` };
}

/** The source of a migration; its author still reads it, and says in its docstring what it is for. */
export function renderMigration(className: string, { apply, revert }: SchemaDifference): string {
  return `import { SqlMigration } from '../migrate/sql-migration';

/** ${words(className)}. */
export class ${className} extends SqlMigration {
  readonly name = '${className}';

  readonly applyStatements = [
${apply.map(literal).join('\n')}
  ];

  readonly revertStatements = [
${revert.map(literal).join('\n')}
  ];
}
`;
}

/** The source of `all.ts` with one migration more, at its end. */
export function addToList(source: string, className: string, file: string): string {
  const entries = [...source.matchAll(/new (\w+)\(\)/g)].map(([, name]) => name);
  const list = [...entries, className].map((name) => `  new ${name}(),\n`).join('');
  return source
    .replace(/(?<=\n)(?=\n)/, `import { ${className} } from './${file}';\n`)
    .replace(/\[\s*(new [^\]]*)?\];/, () => `[\n${list}];`);
}

function words(className: string): string {
  const [first = '', ...rest] = className
    .slice(0, -13)
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .split(' ');
  return [first, ...rest.map((word) => word.toLowerCase())].join(' ');
}

function literal(sql: string): string {
  return `    \`${sql.trim().replaceAll(/[\\`]|\$(?=\{)/g, '\\$&')}\`,`;
}
