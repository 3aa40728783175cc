import { BackboneError } from '@askflash/contracts';
import { ConfigInvalidError } from '@askflash/config';
import { exitCodeOf, reportFailure } from './report-failure';

class BrokerUnavailableError extends BackboneError {
  static override readonly code = 'BROKER_UNAVAILABLE';
  static override readonly remedy = 'Start it.';
  static override readonly exit = 'unavailable';
}

describe('reportFailure', () => {
  const report = (error: unknown) => {
    const written: string[] = [];
    const exitCode = reportFailure(error, (text) => written.push(text));
    return { exitCode, text: written.join('') };
  };

  it('tells code, message, causes and remedy of an error of the backbone', () => {
    const cause = new Error('connect ECONNREFUSED', { cause: new Error('no route') });
    expect(report(new BrokerUnavailableError('No broker at host:1', { cause }))).toEqual({
      exitCode: 69,
      text: [
        'BROKER_UNAVAILABLE: No broker at host:1',
        '  because: connect ECONNREFUSED',
        '  because: no route',
        '  what to do: Start it.',
        '',
      ].join('\n'),
    });
  });

  it('gives the exit code of the error’s kind', () => {
    expect(exitCodeOf(new ConfigInvalidError([{ variable: 'X', problem: 'is bad' }]))).toBe(78);
    expect(exitCodeOf(new Error('anything'))).toBe(1);
    expect(exitCodeOf('a string')).toBe(1);
  });

  it('adds the stack of an error that nobody foresaw', () => {
    const { text } = report(new TypeError('x is not a function'));
    expect(text).toMatch(/^UNEXPECTED: x is not a function\nTypeError: [^\n]+\n +at /);
  });

  it('never shows the credentials of a URL', () => {
    const error = new Error('amqp://user:hunter2@host refused', {
      cause: new Error('redis://:hunter3@cache'),
    });
    const { text } = report(error);
    expect(text).toContain('amqp://***@host');
    expect(text).toContain('redis://***@cache');
    expect(text).not.toMatch(/hunter/);
  });

  it('finds words for an error without a message', () => {
    const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    expect(report(refused).text).toMatch(/^ECONNREFUSED: ECONNREFUSED/);
    expect(report(new AggregateError([new Error('::1'), new Error('127.0.0.1')])).text).toMatch(
      /^UNEXPECTED: ::1; 127\.0\.0\.1/,
    );
  });
});
