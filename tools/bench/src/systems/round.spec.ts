import { WorkUndoneError } from './errors';
import STAGES from './program/stages.json';
import { pace, workOffBacklog, type SystemAtWork } from './round';

/** A system in memory: its worker runs the stages of what was submitted as soon as it may. */
class FakeSystem implements SystemAtWork {
  readonly log: string[] = [];
  readonly client = { lost: new Promise<never>(() => undefined), call: this.answer.bind(this) };
  readonly workers = [
    {
      ...this.client,
      freeze: () => void this.log.push('freeze'),
      thaw: () => void this.log.push('thaw'),
    },
  ];
  private tasks: string[] = [];

  /** @param stages those that it runs */
  constructor(
    private readonly stages: readonly string[] = STAGES,
    private readonly ended = (submitted: number) => submitted,
  ) {}

  private async answer(call: string, ...[first, seconds]: readonly unknown[]): Promise<unknown> {
    if (call === 'begin') this.tasks = [];
    if (call === 'submit' || call === 'pace') {
      this.log.push(call);
      const count = Number(first) * Number(seconds ?? 1);
      this.tasks = Array.from({ length: count }, (_, index) => `task-${index}`);
      return call === 'submit' ? 40 : this.tasks.map(() => 5);
    }
    if (call === 'count') return this.tasks.length * STAGES.length;
    if (call === 'completed') return this.ended(this.tasks.length);
    return this.stages.map((stage) => [stage, this.tasks]);
  }
}

describe('workOffBacklog', () => {
  it('has the backlog submitted while the workers stand still', async () => {
    const system = new FakeSystem();
    const { submittedMs } = await workOffBacklog(system, 10);
    expect(system.log).toEqual(['freeze', 'submit', 'thaw']);
    expect(submittedMs).toBe(40);
  });

  it('gives nothing where a stage was not run for every task', async () => {
    const withoutLast = new FakeSystem(STAGES.slice(0, -1));
    await expect(workOffBacklog(withoutLast, 10)).rejects.toThrow(
      new WorkUndoneError('moderation was run for 0 tasks of 10'),
    );
  });

  it('gives nothing where a task has ended twice', async () => {
    const twice = new FakeSystem(STAGES, (submitted) => submitted + 1);
    await expect(workOffBacklog(twice, 10)).rejects.toThrow(WorkUndoneError);
  });

  it('waits no longer once a process is gone', async () => {
    const system = new FakeSystem(STAGES, () => 0);
    const gone = { ...system, workers: system.workers, others: [{ lost: Promise.reject('gone') }] };
    await expect(workOffBacklog(gone, 10)).rejects.toBe('gone');
  });
});

describe('pace', () => {
  it('gives how long each task took', async () => {
    await expect(pace(new FakeSystem(), { rate: 2, seconds: 3 })).resolves.toEqual([
      5, 5, 5, 5, 5, 5,
    ]);
  });
});
