import { readCommandLine } from './command-line';
import { ConformanceUsageError } from './errors';

describe('readCommandLine', () => {
  it('takes the queue alone', () => {
    expect(readCommandLine(['--queue', 'websearch.task'])).toEqual({
      queue: 'websearch.task',
      stage: undefined,
      requestFile: undefined,
      json: false,
      command: [],
    });
  });

  it('leaves what follows -- to the agent’s command', () => {
    const line = readCommandLine([
      '--queue',
      'a.task',
      '--json',
      '--',
      'python3',
      'a.py',
      '--json',
    ]);
    expect(line).toMatchObject({ json: true, command: ['python3', 'a.py', '--json'] });
  });

  it.each([[[]], [['--stage', 'x']], [['--queue', 'a.task', '--nope']], [['--queue', 'a', 'b']]])(
    'refuses %j',
    (args) => {
      expect(() => readCommandLine(args)).toThrow(ConformanceUsageError);
    },
  );
});
