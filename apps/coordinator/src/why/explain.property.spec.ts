import { isTerminal } from '@askflash/contracts';
import fc from 'fast-check';
import { anyFacts } from '../../test/arbitrary-facts';
import { explanation, type Cause } from './dto';
import { explain } from './explain';
import { sentenceOf } from './sentence';
import { toText } from './summarize';
import { span } from './words';

const RUNS = { numRuns: 1_000 };

const flat = (causes: readonly Cause[]): Cause[] =>
  causes.flatMap((cause) => [cause, ...(cause.type === 'dependency' ? flat(cause.because) : [])]);

describe('an explanation, of any task that can be, on servers in any state', () => {
  it('is as its schema has it, and always tells a reason', () => {
    fc.assert(
      fc.property(anyFacts, (known) => {
        const explained = explain(known);
        expect(explanation.parse(explained)).toEqual(explained);
        expect(explained.waitingFor).not.toHaveLength(0);
        const types = flat(explained.waitingFor).map(({ type }) => type);
        expect(types.includes('ended')).toBe(isTerminal(known.task.state.status));
        expect(types.some((type) => type !== 'dependency')).toBe(true);
      }),
      RUNS,
    );
  });

  it('tells of every stage that is requested or pauses, and each once', () => {
    fc.assert(
      fc.property(anyFacts, (known) => {
        fc.pre(!isTerminal(known.task.state.status));
        const causes = flat(explain(known).waitingFor);
        const dependencies = causes.flatMap((cause) =>
          cause.type === 'dependency' && cause.because.length > 0 ? [cause.dependsOn] : [],
        );
        expect(new Set(dependencies).size).toBe(dependencies.length);
        const open = Object.entries(known.task.state.stages);
        const busy = open.filter(([, { status }]) => /requested|backing_off/.test(status));
        const told = causes.flatMap((cause) =>
          'stage' in cause && cause.type !== 'dependency' && cause.stage ? [cause.stage] : [],
        );
        expect(new Set(told)).toEqual(new Set(busy.map(([name]) => name)));
      }),
      RUNS,
    );
  });

  it('has a sentence for each cause, which holds all of its figures', () => {
    fc.assert(
      fc.property(anyFacts, (known) => {
        const explained = explain(known);
        const text = toText(explained);
        for (const cause of flat(explained.waitingFor)) {
          const sentence = sentenceOf(cause);
          expect(sentence).toMatch(/^\S.*\.$/);
          expect(sentence).not.toMatch(/undefined|null|NaN|\.\.|Infinity/);
          expect(text).toContain(`- ${sentence}\n`);
          const figures = cause.type === 'dependency' ? [] : figuresOf(cause);
          for (const figure of figures) expect(sentence).toContain(figure);
        }
      }),
      RUNS,
    );
  });
});

/** What has to be told: numbers as they are, spans of time as people say them. */
function figuresOf(value: object): string[] {
  return Object.entries(value).flatMap(([key, field]: [string, unknown]) => {
    if (typeof field === 'number') return [/Ms$/.test(key) ? span(field) : `${field}`];
    return typeof field === 'object' && field !== null ? figuresOf(field) : [];
  });
}
