import { ASK_CONFIG, loadConfig } from '@askflash/config';
import { EXIT_CODES } from '@askflash/contracts';
import { reportFailure } from '@askflash/service-kit';
import { ask } from './ask';
import { readCommandLine } from './command-line';
import { Coordinator } from './coordinator';
import { TaskUnansweredError, WaitInterruptedError } from './errors';
import { EventReport, answerText, outcomeJson } from './report';

async function main(): Promise<number> {
  const { question, template, userId, json } = readCommandLine(process.argv.slice(2));
  const { coordinatorUrl, coordinatorApiKey: apiKey } = loadConfig(ASK_CONFIG);
  const interruption = new AbortController();
  const coordinator = new Coordinator(coordinatorUrl, interruption.signal, { apiKey });
  let taskId: string | undefined;
  process.once('SIGINT', () => {
    const giveUp = (): void =>
      interruption.abort(
        new WaitInterruptedError(taskId === undefined ? undefined : coordinator.taskUrl(taskId)),
      );
    // The task's last event ends the wait, so that what became of it is told.
    if (taskId === undefined) giveUp();
    else coordinator.abort(taskId, 'Ctrl-C').catch(giveUp);
    process.once('SIGINT', giveUp);
  });
  const events = new EventReport();
  const outcome = await ask(
    coordinator,
    { query: question, userId, template },
    {
      onAccepted: (id) => {
        taskId = id;
        if (!json) print(`Task ${id} (${template})\n`);
      },
      onEvent: (event) => {
        if (!json) print(events.text(event));
      },
    },
  );
  const { task } = outcome;
  if (json) print(`${outcomeJson(outcome)}\n`);
  if (task.status !== 'complete') throw new TaskUnansweredError(task.id, task.status, task.error);
  if (!json) print(answerText(outcome, events));
  return EXIT_CODES.ok.code;
}

function print(text: string): void {
  process.stdout.write(text);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.exitCode = reportFailure(error);
  },
);
