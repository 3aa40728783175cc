import { readCommandLine } from './command-line';
import { AskUsageError } from './errors';

describe('readCommandLine', () => {
  it('takes the question and its defaults', () => {
    expect(readCommandLine(['How do I stop it?'])).toEqual({
      question: 'How do I stop it?',
      template: 'standard_query',
      userId: 'cli',
      json: false,
    });
  });

  it('takes options anywhere, and words without quotes', () => {
    const args = ['--json', 'How', 'now?', '--template', 'simple_lookup', '--user=ada'];
    expect(readCommandLine(args)).toEqual({
      question: 'How now?',
      template: 'simple_lookup',
      userId: 'ada',
      json: true,
    });
  });

  it.each([[[]], [['  ']], [['x', '--loud']], [['x', '--template']]])('refuses %j', (args) => {
    expect(() => readCommandLine(args)).toThrow(AskUsageError);
  });
});
