import type { StageStatus, TaskStatus } from '@askflash/contracts';
import type { RecentTask } from '@askflash/typeorm-entities';
import { counted, duration, words } from '../format';
import { html, type Html } from '../html';
import { lasting, since } from '../moment';
import { empty, section, unseen, type Section } from '../section';
import { table, type Column } from '../table';
import { badge, type Tone } from '../tone';

const TONES: Readonly<Record<TaskStatus, Tone>> = {
  waiting: 'idle',
  in_progress: 'busy',
  complete: 'good',
  failed: 'bad',
  aborted: 'idle',
};

/** What a stage looks like without colour; the patterns are in the style sheet. */
const MARKS: Readonly<Record<StageStatus, string>> = {
  pending: '',
  requested: '▶',
  backing_off: '↻',
  completed: '✓',
  failed: '✕',
  skipped: '–',
};

/** The newest tasks, each with a bar of its stages. */
export function tasks(all: readonly RecentTask[] | undefined, now: Date): Section {
  if (!all) return section('tasks', 'Last tasks', '', unseen('Tasks'));
  const running = all.filter(({ finishedAt }) => finishedAt === null).length;
  const content = all.length
    ? table('Last tasks, newest first', columns(now), all)
    : empty('There has been no task.');
  const glance = all.length ? `${running} of ${counted(all.length, 'task')} running` : '';
  return section('tasks', 'Last tasks', glance, content);
}

function columns(now: Date): Column<RecentTask>[] {
  return [
    { title: 'Task', cell: ({ id }) => html`<code class="id">${id}</code>` },
    { title: 'Template', cell: ({ template }) => words(template) },
    { title: 'Status', cell: ({ status }) => badge(TONES[status], words(status)) },
    { title: 'Stages', kind: 'wide', cell: ({ stages }) => toBar(stages) },
    {
      title: 'Took',
      kind: 'figures',
      cell: ({ createdAt, finishedAt }) =>
        finishedAt ? duration(finishedAt.getTime() - createdAt.getTime()) : lasting(createdAt, now),
    },
    { title: 'Handed in', kind: 'figures', cell: ({ createdAt }) => since(createdAt, now) },
  ];
}

function toBar(stages: RecentTask['stages']): Html {
  return html`<ol class="stages">
    ${stages.map(
      ({ name, status, attempt }) =>
        html`<li class="${status}" title="${describe(name, status, attempt)}">
          <span aria-hidden="true">${MARKS[status]}</span>
          <span class="unseen">${describe(name, status, attempt)}</span>
        </li>`,
    )}
  </ol>`;
}

function describe(name: string, status: StageStatus, attempt: number): string {
  const times = attempt > 1 ? `, attempt ${attempt}` : '';
  return `${words(name)}: ${words(status)}${times}`;
}
