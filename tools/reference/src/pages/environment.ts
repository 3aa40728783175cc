import { APP_CONFIGS, type Variable } from '@askflash/config';
import { code, page, table } from '../markdown';

/** Every environment variable, with who reads it. */
export function environmentPage(): string {
  const readers = new Map<string, { variable: Variable; apps: string[] }>();
  for (const [app, shape] of Object.entries(APP_CONFIGS)) {
    for (const variable of Object.values(shape)) {
      const known = readers.get(variable.name) ?? { variable, apps: [] };
      readers.set(variable.name, { ...known, apps: [...known.apps, app] });
    }
  }
  const rows = [...readers.values()]
    .sort((one, other) => (one.variable.name < other.variable.name ? -1 : 1))
    .map(({ variable, apps }) => [
      code(variable.name),
      variable.description,
      variable.allowed,
      whereNotSet(variable),
      apps.join(', '),
    ]);
  return page(
    'Environment variables',
    [
      'Every app checks its variables once, at its start; a missing or bad one ends it with exit code',
      '78 and the variable’s name. A variable that is empty counts as not set.',
      'What the process does not set is taken from `.local/stack.json`, which `npm start` writes;',
      '`ASKFLASH_STACK_FILE` names another such file, and set to nothing it means none.',
    ].join('\n'),
    'The variables that compose reads are in `.env.example`.',
    table(['Variable', 'What it is', 'What may stand there', 'Where not set', 'Read by'], rows),
    [
      'A variable marked *secret* is never shown, and may be given as a file:',
      `\`<name>_FILE\` names a file that holds its value.`,
    ].join('\n'),
  );
}

function whereNotSet({ default: fallback, optional, secret }: Variable): string {
  const need = fallback !== undefined ? code(fallback) : optional ? 'nothing' : '**required**';
  return secret ? `${need}, *secret*` : need;
}
