import { NAME } from '@askflash/contracts';
import { names } from '@nx/devkit';
import { refuse } from './errors';

/** One name in the forms that files, classes and stages have it in. */
export interface NameForms {
  /** `web-search`: of agents, files and folders. */
  readonly kebab: string;
  /** `web_search`: of stages and templates. */
  readonly snake: string;
  /** `WebSearch`. */
  readonly className: string;
  /** `webSearch`. */
  readonly propertyName: string;
}

/**
 * Takes a name however it is written (`Web Search`, `webSearch`, `web_search`).
 *
 * @param what it is the name of, for the error
 * @throws {GeneratorRefusedError} where no name can be made of it
 */
export function nameForms(given: string, what: string): NameForms {
  const kebab = names(given.trim()).fileName.replaceAll('_', '-');
  const { success, error } = NAME.safeParse(kebab);
  if (!success) {
    const [issue] = error.issues;
    refuse(
      `'${given}' cannot be the name of ${what}: it ${issue?.message ?? 'is no name'}`,
      'Take letters and digits, parted by dashes, that begin with a letter',
    );
  }
  const { className, propertyName } = names(kebab);
  return { kebab, snake: kebab.replaceAll('-', '_'), className, propertyName };
}

/** A name as people write it at the beginning of a sentence: `Web search`. */
export function inWords({ kebab }: NameForms): string {
  const words = kebab.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
