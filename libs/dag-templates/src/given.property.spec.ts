import type { JsonObject } from '@askflash/contracts';
import { isTerminal, taskEvent } from '@askflash/contracts';
import fc from 'fast-check';
import { steps, validTemplate } from '../test/arbitraries';
import { type Seen, TASK_ID, World } from '../test/world';
import { effectiveStages } from './effective-stages';
import { type Given, givenBefore } from './given';
import { upstreamOf } from './graph';
import { type TaskState, findStage, taskState } from './task-state';
import type { TaskTemplate } from './template';

const RUNS = { numRuns: 500 };

interface Repeated {
  readonly template: TaskTemplate;
  readonly earlier: TaskState;
  readonly from: string;
  readonly given: Given;
  readonly seen: readonly Seen[];
  readonly world: World;
}

const inputs = fc.constantFrom<JsonObject[]>({}, { depth: 'deep' }, { depth: 1 });

/** Runs a task to its end, picks a stage it can be repeated from, and runs the repetition to its end. */
function forEveryRetry(check: (run: Repeated) => void): void {
  fc.assert(
    fc.property(
      validTemplate,
      inputs,
      steps,
      steps,
      fc.nat(100),
      (template, input, first, second, pick) => {
        const earlier = finish(new World(template, () => undefined, { input }), first).state;
        const stages = effectiveStages(template, earlier);
        const possible = stages.filter(({ name }) =>
          [...upstreamOf(stages, name)].every((above) => isSettled(earlier, above)),
        );
        const from = possible[pick % possible.length]?.name ?? '';
        const given = givenBefore(template, earlier, from);
        const seen: Seen[] = [];
        const world = new World(template, (one) => seen.push(one), {
          taskId: '019a0000-0000-7000-8000-000000000002',
          retryOf: TASK_ID,
          input,
          given,
        });
        check({ template, earlier, from, given, seen, world: finish(world, second) });
      },
    ),
    RUNS,
  );
}

function finish(world: World, script: Parameters<World['play']>[0][]): World {
  script.forEach((step) => world.play(step));
  for (let ticks = 0; ticks < 1_000 && world.wake(); ticks += 1);
  return world;
}

const isSettled = (state: TaskState, name: string): boolean =>
  ['completed', 'skipped'].includes(findStage(state, name)?.status ?? '');

describe('a task that repeats another, for random templates, ends and stages', () => {
  it('takes over exactly what is settled and neither the stage nor after it, with all before that', () => {
    forEveryRetry(({ template, earlier, from, given }) => {
      const stages = effectiveStages(template, earlier);
      for (const { name } of stages) {
        const isAfter = name === from || upstreamOf(stages, name).has(from);
        expect(given.stages.has(name)).toBe(!isAfter && isSettled(earlier, name));
        if (!given.stages.has(name)) continue;
        expect(given.stages.get(name)).toBe(findStage(earlier, name)?.output);
        for (const above of upstreamOf(stages, name)) expect(given.stages.has(above)).toBe(true);
      }
    });
  });

  it('does not run a given stage again, unless a revision or a web search reopens it', () => {
    forEveryRetry(({ given, seen }) => {
      for (const { type, stage } of seen.flatMap(({ transition }) => transition.events)) {
        if (type === 'task.revised' || type === 'stage.inserted') return;
        if (stage !== null) expect(given.stages.has(stage)).toBe(false);
      }
    });
  });

  it('ends once, with events numbered from 1 and requests only behind what is settled', () => {
    forEveryRetry(({ template, seen, world }) => {
      expect(isTerminal(world.state.status)).toBe(true);
      const events = seen.flatMap(({ transition }) => transition.events);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
      expect(events.filter(({ type }) => type === 'task.finished')).toHaveLength(1);
      for (const event of events) expect(taskEvent.parse(event)).toEqual(event);
      for (const { transition } of seen) {
        expect(taskState.parse(JSON.parse(JSON.stringify(transition.state)))).toEqual(
          transition.state,
        );
        const stages = effectiveStages(template, transition.state);
        for (const command of transition.commands) {
          if (command.type === 'finish') continue;
          for (const above of upstreamOf(stages, command.stage)) {
            expect(isSettled(transition.state, above)).toBe(true);
          }
        }
      }
    });
  });

  it('invents nothing: every output is given, or was delivered to it', () => {
    forEveryRetry(({ given, seen, world }) => {
      const known = new Set<unknown>(given.stages.values());
      for (const { event, transition } of seen) {
        if (event?.type === 'stage.completed' && transition.outcome === 'applied') {
          known.add(event.output);
        }
      }
      for (const { output } of Object.values(world.state.stages)) {
        if (output !== null) expect(known).toContain(output);
      }
    });
  });
});
