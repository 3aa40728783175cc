import { EXIT_CODES } from '@askflash/contracts';
import { FAILURES } from '@askflash/dag-templates';
import { type ErrorClass, readErrorClasses } from '../read-error-classes';
import { code, page, table } from '../markdown';

/** Every error of the backbone, by the project that throws it. */
export function errorsPage(workspaceRoot: string): string {
  const byProject = new Map<string, ErrorClass[]>();
  for (const error of readErrorClasses(workspaceRoot)) {
    byProject.set(error.project, [...(byProject.get(error.project) ?? []), error]);
  }
  return page(
    'Errors',
    [
      'An error’s code is stable; commands print it with its remedy, APIs answer with it. The exit code',
      'is that of a command which ends with the error.',
    ].join('\n'),
    ...[...byProject].map(([project, errors]) =>
      [
        `## ${code(project)}`,
        table(
          ['Code', 'When', 'What to do', 'Exit code'],
          errors.map((error) => [code(error.code), error.when, error.remedy, exitCode(error)]),
        ),
      ].join('\n\n'),
    ),
    '## Failures of stages and tasks\n\nStand in a task’s `error`, beside those that agents report.',
    table(
      ['Code', 'When', 'What to do'],
      Object.values(FAILURES).map((failure) => [code(failure.code), failure.when, failure.remedy]),
    ),
  );
}

function exitCode({ exit }: ErrorClass): string {
  const known = Object.entries(EXIT_CODES).find(([name]) => name === exit);
  return known ? String(known[1].code) : exit;
}
