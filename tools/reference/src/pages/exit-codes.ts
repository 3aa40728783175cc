import { EXIT_CODES } from '@askflash/contracts';
import { page, table } from '../markdown';

/** The exit codes that all commands share. */
export function exitCodesPage(): string {
  return page(
    'Exit codes',
    'The same for every command and app of the backbone.',
    table(
      ['Code', 'Name', 'Meaning'],
      Object.entries(EXIT_CODES).map(([name, { code, meaning }]) => [String(code), name, meaning]),
    ),
  );
}
