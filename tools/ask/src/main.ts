import { ASK_CONFIG, loadConfig } from '@askflash/config';
import { EXIT_CODES } from '@askflash/contracts';
import { reportFailure } from '@askflash/service-kit';
import { ask } from './ask';
import { readCommandLine } from './command-line';
import { Coordinator } from './coordinator';
import { TaskUnansweredError, WaitInterruptedError } from './errors';
import { EventReport, answerLines, outcomeJson } from './report';

async function main(): Promise<number> {
  const { question, template, userId, json } = readCommandLine(process.argv.slice(2));
  const { coordinatorUrl, coordinatorApiKey: apiKey } = loadConfig(ASK_CONFIG);
  const interruption = new AbortController();
  const coordinator = new Coordinator(coordinatorUrl, interruption.signal, { apiKey });
  let taskUrl: string | undefined;
  process.once('SIGINT', () => interruption.abort(new WaitInterruptedError(taskUrl)));
  const events = new EventReport();
  const outcome = await ask(
    coordinator,
    { query: question, userId, template },
    {
      onAccepted: (id) => {
        taskUrl = coordinator.taskUrl(id);
        if (!json) print(`Task ${id} (${template})`);
      },
      onEvent: (event) => {
        const line = events.line(event);
        if (!json && line !== undefined) print(line);
      },
    },
  );
  const { task } = outcome;
  if (json) print(outcomeJson(outcome));
  if (task.status !== 'complete') throw new TaskUnansweredError(task.id, task.status, task.error);
  if (!json) print(answerLines(outcome).join('\n'));
  return EXIT_CODES.ok.code;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.exitCode = reportFailure(error);
  },
);
