import { EXIT_CODES } from '@askflash/contracts';
import { reportFailure } from '@askflash/service-kit';
import { runChaos } from './chaos';
import { readCommandLine } from './command-line';
import { makePlan } from './plan/plan';
import { planLines } from './report/plan-lines';
import { roundLines } from './report/round-lines';
import { sumLines } from './report/sum-lines';

async function main(): Promise<number> {
  const { planOnly, previous, ...options } = readCommandLine(process.argv.slice(2));
  const plan = makePlan({ ...options, hasPrevious: previous !== undefined });
  if (planOnly) {
    print(planLines(plan));
    return EXIT_CODES.ok.code;
  }
  print([`Seed ${plan.seed}: ${plan.rounds.length} rounds of ${options.rate} tasks a second`]);
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interruption.abort());
  }
  const result = await runChaos(plan, {
    previous,
    signal: interruption.signal,
    onRound: (round) => print(roundLines(round)),
  });
  print(sumLines(plan, result));
  return EXIT_CODES[result.findings.length === 0 ? 'ok' : 'failure'].code;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(reportFailure(error)),
);
