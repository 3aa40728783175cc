import { EXIT_CODES } from '@askflash/contracts';
import { reportFailure } from '@askflash/service-kit';
import { runChaos } from './chaos';
import { lossLines } from './clusters/loss-lines';
import type { LossResult } from './clusters/run-loss';
import { runLosses } from './clusters/run-losses';
import { readCommandLine, type CommandLine } from './command-line';
import { makePlan } from './plan/plan';
import { planLines } from './report/plan-lines';
import { roundLines } from './report/round-lines';
import { sumLines } from './report/sum-lines';

async function main(): Promise<number> {
  const line = readCommandLine(process.argv.slice(2));
  const { planOnly, previous, clusters, patienceSeconds, ...options } = line;
  if (clusters) return loseNodes(line);
  const plan = makePlan({ ...options, hasPrevious: previous !== undefined });
  if (planOnly) {
    print(planLines(plan));
    return EXIT_CODES.ok.code;
  }
  print([`Seed ${plan.seed}: ${plan.rounds.length} rounds of ${options.rate} tasks a second`]);
  const result = await runChaos(plan, {
    previous,
    restMs: patienceSeconds * 1000,
    signal: interrupted(),
    onRound: (round) => print(roundLines(round)),
  });
  print(sumLines(plan, result));
  return EXIT_CODES[result.findings.length === 0 ? 'ok' : 'failure'].code;
}

async function loseNodes({ seed, rate, patienceSeconds }: CommandLine): Promise<number> {
  print([`Seed ${seed}: every node is lost once, under ${rate} tasks a second`]);
  const onLoss = (loss: LossResult): void => print(lossLines(loss));
  const { findings, folder } = await runLosses({
    seed,
    rate,
    restMs: patienceSeconds * 1000,
    onLoss,
    signal: interrupted(),
  });
  print([`Seed ${seed}: ${findings.length} findings`]);
  if (findings.length === 0) return EXIT_CODES.ok.code;
  print([`Replay with --clusters --seed ${seed}; ledgers and logs are in ${folder}`]);
  return EXIT_CODES.failure.code;
}

/** Aborts when somebody wants the run to end. */
function interrupted(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interruption.abort());
  }
  return interruption.signal;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(reportFailure(error)),
);
