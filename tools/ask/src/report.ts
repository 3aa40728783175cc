import type { ProgressEvent, TaskEvent } from '@askflash/contracts';
import pc from 'picocolors';
import type { Outcome } from './ask';

/** The stage whose tokens are the answer. */
const WRITER = 'executor_reasoning';

/** Tells events as they come: a line each, tokens as they are. Remembers when stages began. */
export class EventReport {
  private readonly requestedAt = new Map<string, number>();
  private isMidLine = false;
  private streamed = '';

  /** Whether this text was told by tokens already, by whoever wrote the answer last. */
  hasTold(text: string): boolean {
    return this.streamed.trim() === text.trim();
  }

  /** What to print of an event; nothing of one that tells the reader nothing new. */
  text(event: TaskEvent | ProgressEvent): string {
    if (event.type === 'token') {
      const lead = this.isMidLine ? '' : '\n';
      this.isMidLine = true;
      this.streamed += event.text;
      return `${lead}${event.text}`;
    }
    const line = this.line(event);
    if (line === undefined) return '';
    const lead = this.isMidLine ? '\n\n' : '';
    this.isMidLine = false;
    return `${lead}${line}\n`;
  }

  private line(event: TaskEvent | Exclude<ProgressEvent, { type: 'token' }>): string | undefined {
    switch (event.type) {
      case 'progress':
        return pc.dim(`    ${event.message}`);
      case 'stage.requested':
        if (event.stage === WRITER) this.streamed = '';
        this.requestedAt.set(event.stage ?? '', Date.parse(event.at));
        return `  ${pc.cyan('→')} ${nameOf(event)}`;
      case 'stage.completed':
        return `  ${pc.green('✓')} ${event.stage} ${pc.dim(this.elapsed(event))}`;
      case 'stage.failed':
        return `  ${pc.red('✗')} ${event.stage}: ${String(event.data['message'])}`;
      case 'stage.retry_scheduled':
        return pc.dim(`    ${event.stage} is tried again at ${String(event.data['retryAt'])}`);
      case 'stage.skipped':
        return pc.dim(`  - ${event.stage} is skipped`);
      case 'stage.inserted':
        return `  + ${event.stage} is put in`;
      case 'task.revised':
        return `  ↻ ${event.stage} is run again, for more confidence`;
      default:
        return undefined;
    }
  }

  private elapsed({ stage, at }: TaskEvent): string {
    const startedAt = this.requestedAt.get(stage ?? '');
    return startedAt === undefined ? '' : `${Date.parse(at) - startedAt} ms`;
  }
}

/** The answer, unless it has been told, and its sources, for people. */
export function answerText({ answer, sources }: Outcome, events: EventReport): string {
  const numbered = sources.map(({ path, heading }, index) => {
    const under = heading === '' ? '' : pc.dim(` — ${heading}`);
    return `  [${index + 1}] ${path}${under}`;
  });
  return [
    ...(answer === '' || events.hasTold(answer) ? [] : ['', answer]),
    ...(numbered.length === 0 ? [] : ['', pc.bold('Sources'), ...numbered]),
    '',
  ].join('\n');
}

/** The outcome for scripts: one JSON object. */
export function outcomeJson({ task, answer, sources }: Outcome): string {
  const { id, status, stages } = task;
  return JSON.stringify({ id, status, answer, sources, stages });
}

function nameOf({ stage, attempt }: TaskEvent): string {
  return attempt === null || attempt === 1 ? `${stage}` : `${stage} (attempt ${attempt})`;
}
