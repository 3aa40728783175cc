import { BackboneError } from '@askflash/contracts';
import { PartFailure } from './errors';
import { runScenarios } from './run-scenarios';
import type { Scenario, ScenarioResult } from './scenario';

class BrokenError extends BackboneError {
  static override readonly code = 'BROKEN';
  static override readonly remedy = 'Mend it.';
}

const scenario = (
  name: string,
  run: Scenario<string>['run'],
  needs: string[] = [],
): Scenario<string> => ({
  name,
  title: `The ${name}`,
  part: `Part ${name}`,
  needs,
  timeoutMs: 1000,
  remedy: `Look at ${name}.`,
  run,
});
const passes = async () => ({ summary: 'works' });

describe('runScenarios', () => {
  const stack = 'a stack';

  it('passes where every scenario does, and tells each as it ends', async () => {
    const told: ScenarioResult[] = [];
    const report = await runScenarios(
      [scenario('a', passes), scenario('b', passes, ['a'])],
      stack,
      (result) => told.push(result),
    );
    expect(report.status).toBe('passed');
    expect(report.scenarios).toEqual(told);
    expect(told.map(({ name, finding }) => [name, finding?.summary])).toEqual([
      ['a', 'works'],
      ['b', 'works'],
    ]);
  });

  it('goes on after a failure, except with what needs the one that failed', async () => {
    const report = await runScenarios(
      [
        scenario('a', () => Promise.reject(new BrokenError('a is broken'))),
        scenario('b', passes, ['a']),
        scenario('c', passes, ['b']),
        scenario('d', passes),
      ],
      stack,
    );
    expect(report.status).toBe('failed');
    expect(report.scenarios).toMatchObject([
      { status: 'failed', failure: { code: 'BROKEN', message: 'a is broken', remedy: 'Mend it.' } },
      { status: 'not-run', blockedBy: ['a'] },
      { status: 'not-run', blockedBy: ['b'] },
      { status: 'passed' },
    ]);
  });

  it('gives the scenario’s own remedy where the error has none', async () => {
    const fails = () => Promise.reject(new Error('connect ECONNREFUSED amqp://u:hunter2@h'));
    const report = await runScenarios([scenario('a', fails)], stack);
    expect(report.scenarios[0]?.failure).toEqual({
      part: 'Part a',
      code: 'UNEXPECTED',
      message: 'connect ECONNREFUSED amqp://***@h',
      remedy: 'Look at a.',
    });
  });

  it('names the part that the scenario says is at fault', async () => {
    const fails = () => Promise.reject(new PartFailure('template x', new BrokenError('no')));
    const report = await runScenarios([scenario('a', fails)], stack);
    expect(report.scenarios[0]?.failure).toEqual({
      part: 'template x',
      code: 'BROKEN',
      message: 'no',
      remedy: 'Mend it.',
    });
  });

  it('gives up on a scenario whose time is over', async () => {
    const hangs = { ...scenario('a', () => new Promise<never>(() => undefined)), timeoutMs: 20 };
    const report = await runScenarios([hangs, scenario('b', passes)], stack);
    expect(report.scenarios).toMatchObject([
      { status: 'failed', failure: { code: 'SCENARIO_TIMED_OUT' } },
      { status: 'passed' },
    ]);
  });
});
