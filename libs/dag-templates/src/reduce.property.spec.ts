import { isDeepStrictEqual } from 'node:util';
import {
  type JsonObject,
  TASK_EVENT_TYPES,
  TERMINAL_TASK_STATUSES,
  isTerminal,
  taskEvent,
} from '@askflash/contracts';
import fc from 'fast-check';
import { steps, validTemplate } from '../test/arbitraries';
import { START, type Seen, World } from '../test/world';
import { attemptLimit } from './attempt-limit';
import { effectiveStages } from './effective-stages';
import { upstreamOf } from './graph';
import { reduce } from './reduce';
import { type TaskState, findStage, taskState } from './task-state';
import type { TaskTemplate } from './template';
import type { IgnoredReason } from './transition';
import { wakeAt } from './wake-at';

const RUNS = { numRuns: 1_000 };
const deadlines = fc.option(fc.integer({ min: START, max: START + 600_000 }));
const inputs = fc.constantFrom<JsonObject[]>({}, { depth: 'deep' }, { depth: 1 });

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** Plays random steps, then ticks the task to its end, and returns all that was seen. */
function run(
  template: TaskTemplate,
  script: Parameters<World['play']>[0][],
  options: ConstructorParameters<typeof World>[2],
): { seen: Seen[]; world: World; ticksAtTheEnd: number } {
  const seen: Seen[] = [];
  const observe = (one: Seen): void => {
    deepFreeze(one.transition);
    seen.push(one);
  };
  const world = new World(deepFreeze(template), observe, options);
  script.forEach((step) => world.play(step));
  let ticksAtTheEnd = 0;
  while (ticksAtTheEnd < 1_000 && world.wake()) ticksAtTheEnd += 1;
  return { seen, world, ticksAtTheEnd };
}

function forEveryRun(
  check: (run: {
    template: TaskTemplate;
    seen: Seen[];
    world: World;
    ticksAtTheEnd: number;
  }) => void,
): void {
  fc.assert(
    fc.property(validTemplate, steps, deadlines, inputs, (template, script, deadlineAt, input) =>
      check({ template, ...run(template, script, { deadlineAt, input }) }),
    ),
    RUNS,
  );
}

/** A state as whoever reads it again has it. */
const reread = (state: TaskState): TaskState => taskState.parse(JSON.parse(JSON.stringify(state)));

const settled = (state: TaskState, name: string): boolean =>
  ['completed', 'skipped'].includes(findStage(state, name)?.status ?? '');

describe('the reducer, for random templates, orders, duplicates, losses and delays', () => {
  it('ends every task, by ticks alone if need be, within the attempts there can be (I1)', () => {
    forEveryRun(({ template, world, ticksAtTheEnd }) => {
      expect(isTerminal(world.state.status)).toBe(true);
      const names = effectiveStages(template, world.state).map(({ name }) => name);
      const attempts = names.reduce((sum, name) => sum + attemptLimit(template, name), 0);
      expect(ticksAtTheEnd).toBeLessThanOrEqual(2 * attempts + 1);
    });
  });

  it('writes the end once, and nothing after it (I2)', () => {
    forEveryRun(({ seen }) => {
      const ends = seen.filter(({ transition }) =>
        transition.commands.some(({ type }) => type === 'finish'),
      );
      expect(ends).toHaveLength(1);
      const events = seen.flatMap(({ transition }) => transition.events);
      expect(events.filter(({ type }) => type === 'task.finished')).toHaveLength(1);
      expect(events.at(-1)?.type).toBe('task.finished');
      const afterwards = seen.slice(seen.findIndex((one) => one === ends[0]) + 1);
      for (const { transition } of afterwards) {
        expect(transition).toMatchObject({ outcome: 'ignored', reason: 'task_finished' });
        expect(transition.state).toBe(ends[0]?.transition.state);
      }
    });
  });

  it('invents nothing: every output is one that was delivered to a running attempt (I3)', () => {
    forEveryRun(({ seen, world }) => {
      const delivered = new Set(
        seen.flatMap(({ event, transition }) =>
          event?.type === 'stage.completed' && transition.outcome === 'applied'
            ? [event.output]
            : [],
        ),
      );
      for (const { output } of Object.values(world.state.stages)) {
        if (output !== null) expect(delivered).toContain(output);
      }
      const { result, status } = world.state;
      expect(result !== null).toBe(status === 'complete');
      if (result !== null && Object.keys(result).length > 0) expect(delivered).toContain(result);
    });
  });

  it('requests a stage only once all upstream of it is completed or skipped (I4)', () => {
    forEveryRun(({ template, seen }) => {
      for (const { transition } of seen) {
        for (const command of transition.commands) {
          if (command.type === 'finish') continue;
          const stages = effectiveStages(template, transition.state);
          for (const name of upstreamOf(stages, command.stage)) {
            expect({ name, settled: settled(transition.state, name) }).toEqual({
              name,
              settled: true,
            });
          }
        }
      }
    });
  });

  it('lets nothing but the running attempt change a task (I5)', () => {
    forEveryRun(({ seen }) => {
      for (const { before, event, now, transition } of seen) {
        if (before === null || event === null || !('stage' in event)) continue;
        const stage = findStage(before, event.stage);
        const overdue = before.deadlineAt !== null && now >= before.deadlineAt;
        const runs = stage?.status === 'requested' && stage.attempt === event.attempt;
        const applies = !isTerminal(before.status) && (runs || overdue);
        expect(transition.outcome).toBe(applies ? 'applied' : 'ignored');
        if (!applies) expect(transition.state).toBe(before);
      }
    });
  });

  it('counts attempts up one by one, and never past the limit (I6)', () => {
    forEveryRun(({ template, seen }) => {
      const last = new Map<string, number>();
      for (const command of seen.flatMap(({ transition }) => transition.commands)) {
        if (command.type === 'finish') continue;
        expect(command.attempt).toBe((last.get(command.stage) ?? 0) + 1);
        expect(command.attempt).toBeLessThanOrEqual(attemptLimit(template, command.stage));
        last.set(command.stage, command.attempt);
      }
    });
  });

  it('changes nothing when the same event comes a second time', () => {
    forEveryRun(({ template, seen }) => {
      const heeded = seen.filter(({ event, now, transition }) => {
        if (event === null) return false;
        const again = reduce(template, transition.state, event, now);
        const says = again.events.length + again.commands.length;
        return again.outcome !== 'ignored' || again.state !== transition.state || says > 0;
      });
      expect(heeded).toEqual([]);
    });
  });

  it('numbers events without a gap, each as its contract says', () => {
    forEveryRun(({ seen }) => {
      const events = seen.flatMap(({ transition }) => transition.events);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
      expect(events.map((event) => taskEvent.parse(event))).toEqual(events);
      expect(seen.map(({ transition }) => transition.state.seq)).toEqual(
        seen.map(({ before, transition }) => (before?.seq ?? 0) + transition.events.length),
      );
    });
  });

  it('keeps a state that is the same after a way through JSON, and goes on from it the same', () => {
    forEveryRun(({ template, seen }) => {
      const differing = seen.filter(({ before, event, now, transition }) => {
        if (!isDeepStrictEqual(reread(transition.state), transition.state)) return true;
        if (before === null || event === null) return false;
        return !isDeepStrictEqual(reduce(template, reread(before), event, now), transition);
      });
      expect(differing).toEqual([]);
    });
  });

  it('wants a wake-up as long as a task runs, and none after', () => {
    forEveryRun(({ seen }) => {
      for (const { transition } of seen) {
        expect(wakeAt(transition.state) === null).toBe(isTerminal(transition.state.status));
      }
    });
  });

  it('is tried by these runs in all it can do', () => {
    const met = new Set<string>();
    forEveryRun(({ seen, world }) => {
      met.add(world.state.status);
      for (const { transition } of seen) {
        transition.events.forEach(({ type }) => met.add(type));
        transition.commands.forEach(({ type }) => met.add(type));
        if (transition.outcome === 'ignored') met.add(transition.reason);
      }
    });
    expect([...TERMINAL_TASK_STATUSES, ...TASK_EVENT_TYPES].filter((one) => !met.has(one))).toEqual(
      [],
    );
    const reasons: IgnoredReason[] = [
      'task_finished',
      'unknown_stage',
      'stale_attempt',
      'unknown_attempt',
      'stage_not_running',
      'nothing_due',
    ];
    expect(reasons.filter((reason) => !met.has(reason))).toEqual([]);
  });
});
