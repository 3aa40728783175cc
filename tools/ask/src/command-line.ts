import { parseArgs } from 'node:util';
import { AskUsageError } from './errors';

/** What is asked, and how it is told. */
export interface CommandLine {
  readonly question: string;
  readonly template: string;
  readonly userId: string;
  /** Print one JSON object and nothing else. */
  readonly json: boolean;
}

/**
 * Reads the arguments of `ask`; several words without quotes are one question.
 *
 * @throws {AskUsageError} where the question is missing or an option is unknown
 */
export function readCommandLine(args: string[]): CommandLine {
  const { values, positionals } = parse(args);
  const question = positionals.join(' ').trim();
  if (question === '') throw new AskUsageError('There is no question');
  return { question, template: values.template, userId: values.user, json: values.json };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        template: { type: 'string', default: 'standard_query' },
        user: { type: 'string', default: 'cli' },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new AskUsageError('The arguments are not known', { cause });
  }
}
