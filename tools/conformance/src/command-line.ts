import { parseArgs } from 'node:util';
import { ConformanceUsageError } from './errors';

/** What is tested, and how it is told. */
export interface CommandLine {
  readonly queue: string;
  /** Undefined takes the first stage of the queue’s agent. */
  readonly stage: string | undefined;
  /** A JSON file with `query`, `input` or `upstream` for the agent’s own work. */
  readonly requestFile: string | undefined;
  /** Print one JSON object and nothing else. */
  readonly json: boolean;
  /** What starts the agent; empty takes the workspace’s own. */
  readonly command: readonly string[];
}

/**
 * Reads the arguments of `conformance`; whatever follows `--` starts the agent.
 *
 * @throws {ConformanceUsageError} where the queue is missing or an option is unknown
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const { queue, stage, request: requestFile, json } = parse(args.slice(0, end));
  if (queue === undefined) throw new ConformanceUsageError('--queue is missing');
  return { queue, stage, requestFile, json, command: args.slice(end + 1) };
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        queue: { type: 'string' },
        stage: { type: 'string' },
        request: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (cause) {
    throw new ConformanceUsageError('The arguments are not known', { cause });
  }
}
