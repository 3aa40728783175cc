import { createLogger } from './create-logger';

describe('createLogger', () => {
  const logged = (log: (logger: ReturnType<typeof createLogger>) => void) => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    log(createLogger({ appName: 'app', level: 'info', destination }));
    return lines;
  };

  it('writes one JSON object a line with app, level word and time', () => {
    const [line = ''] = logged((logger) => logger.info({ taskId: '1' }, 'hello'));
    expect(JSON.parse(line)).toMatchObject({
      app: 'app',
      level: 'info',
      taskId: '1',
      msg: 'hello',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('leaves out what is less severe than its level', () => {
    expect(logged((logger) => logger.debug('x'))).toEqual([]);
  });

  it('strikes out authorization headers and the credentials of URLs, errors included', () => {
    const text = logged((logger) => {
      logger.info({ headers: { authorization: 'Bearer hunter1' } }, 'to amqp://u:hunter2@h/v');
      logger.error(new Error('redis://:hunter3@h:1 and postgres://a:hunter4@h "quoted"'));
      logger.info({ err: new Error('outer', { cause: new Error('http://a:hunter5@h') }) });
    }).join('');
    expect(text).toContain('amqp://***@h/v');
    expect(text).not.toMatch(/hunter/);
    text
      .trim()
      .split('\n')
      .forEach((line) => JSON.parse(line));
  });
});
