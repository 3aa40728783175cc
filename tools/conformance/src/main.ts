import { CONFORMANCE_CONFIG, loadConfig } from '@askflash/config';
import { EXIT_CODES, JSON_OBJECT } from '@askflash/contracts';
import { closingLine, resultLines } from '@askflash/scenario-kit';
import { reportFailure } from '@askflash/service-kit';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { agentUnderTest } from './agent-under-test';
import { readCommandLine } from './command-line';
import { conformance } from './conformance';
import { ConformanceInterruptedError, ConformanceUsageError } from './errors';
import type { OwnRequest } from './rig/trial-task';

const ownRequest = z.strictObject({
  query: z.string().optional(),
  input: JSON_OBJECT.optional(),
  upstream: z.record(z.string(), JSON_OBJECT).optional(),
});

async function main(): Promise<number> {
  const { requestFile, json, ...line } = readCommandLine(process.argv.slice(2));
  const options = {
    ...agentUnderTest(line),
    ...loadConfig(CONFORMANCE_CONFIG),
    request: requestFile === undefined ? {} : readRequest(requestFile),
  };
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () =>
      interruption.abort(new ConformanceInterruptedError(`${signal} ended the run`)),
    );
  }
  let number = 0;
  const report = await conformance(options, interruption.signal, (result) => {
    if (!json) print(resultLines(result, (number += 1)));
  });
  print(json ? [JSON.stringify(report, null, 2)] : ['', closingLine(report)]);
  return EXIT_CODES[report.status === 'passed' ? 'ok' : 'failure'].code;
}

function readRequest(file: string): OwnRequest {
  try {
    return ownRequest.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new ConformanceUsageError(
      `${file} is no JSON object with query, input or upstream, and nothing else`,
      { cause },
    );
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
