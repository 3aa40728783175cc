import { Module } from '@nestjs/common';
import { Command, Option } from 'nest-commander';
import { JobCommand } from './job-command';
import { runJob } from './run-job';
import { wholeNumber } from './whole-number';

@Command({ name: 'count', description: 'Counts' })
class CountCommand extends JobCommand {
  override async run(_parameters: string[], { to = 0 }: { to?: number }): Promise<void> {
    if (to > 100) throw new Error('That far nobody counts');
    this.print(`counted to ${to}`);
  }

  @Option({ flags: '--to <number>', description: 'How far' })
  parseTo(text: string): number {
    return wholeNumber('--to', text, 1);
  }
}

@Module({ providers: [CountCommand] })
class CountingModule {}

describe('runJob', () => {
  const told: string[] = [];
  const complained: string[] = [];

  beforeEach(() => {
    told.length = 0;
    complained.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      told.push(String(text));
      return true;
    });
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      complained.push(String(text));
      return true;
    });
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('runs the command that the arguments name', async () => {
    expect(await runJob(CountingModule, 'counter', ['count', '--to', '3'])).toBe(0);
    expect(told).toEqual(['counted to 3\n']);
  });

  it.each([
    ['a bad value', ['count', '--to', '0'], 64, /OPTION_INVALID: --to must be a whole number/],
    ['an unknown command', ['recount'], 64, /unknown command/],
    ['an unknown option', ['count', '--from', '1'], 64, /unknown option/],
    ['a command that fails', ['count', '--to', '101'], 1, /That far nobody counts/],
  ])('ends %s with its exit code, and says why', async (_case, args, exitCode, message) => {
    expect(await runJob(CountingModule, 'counter', args)).toBe(exitCode);
    expect(complained.join('')).toMatch(message);
  });

  it('takes help that was asked for as no failure', async () => {
    expect(await runJob(CountingModule, 'counter', ['--help'])).toBe(0);
  });
});
