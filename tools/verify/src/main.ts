import { VERIFY_CONFIG, loadConfig } from '@askflash/config';
import { EXIT_CODES } from '@askflash/contracts';
import { closingLine, resultLines } from '@askflash/scenario-kit';
import { reportFailure } from '@askflash/service-kit';
import { parseArgs } from 'node:util';
import { VerifyUsageError } from './errors';
import { verify } from './verify';

async function main(): Promise<number> {
  const { json } = readArguments(process.argv.slice(2));
  const config = loadConfig(VERIFY_CONFIG);
  let number = 0;
  const report = await verify(config, (result) => {
    if (!json) print(resultLines(result, (number += 1)));
  });
  print(json ? [JSON.stringify(report, null, 2)] : ['', closingLine(report)]);
  return EXIT_CODES[report.status === 'passed' ? 'ok' : 'failure'].code;
}

function readArguments(args: string[]): { readonly json: boolean } {
  try {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
    return values;
  } catch (cause) {
    throw new VerifyUsageError('The arguments are not known', { cause });
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.exitCode = reportFailure(error);
  },
);
