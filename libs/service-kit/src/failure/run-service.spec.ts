import { ConfigInvalidError } from '@askflash/config';
import { runService } from './run-service';

describe('runService', () => {
  const handlers = new Map<string | symbol, (error: unknown) => void>();
  let exit: jest.SpyInstance;
  let stderr: jest.SpyInstance;

  beforeEach(() => {
    handlers.clear();
    jest.spyOn(process, 'on').mockImplementation((event, handler) => {
      handlers.set(event, handler);
      return process;
    });
    exit = jest.spyOn(process, 'exit').mockReturnValue(undefined as never);
    stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => jest.restoreAllMocks());

  it('stops the service on SIGTERM and SIGINT and then ends the process', async () => {
    const enableShutdownHooks = jest.fn();
    await runService(async () => ({ enableShutdownHooks }));
    expect(enableShutdownHooks).toHaveBeenCalledWith(['SIGTERM', 'SIGINT'], {
      useProcessExit: true,
    });
    expect(exit).not.toHaveBeenCalled();
  });

  it('ends a service that is not done stopping in time, and says so', async () => {
    jest.useFakeTimers();
    await runService(async () => ({ enableShutdownHooks: jest.fn() }), { stopWithinMs: 25_000 });
    handlers.get('SIGTERM')?.(new Error('a signal carries none'));
    jest.advanceTimersByTime(24_999);
    expect(exit).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    jest.useRealTimers();
    expect(exit).toHaveBeenCalledWith(1);
    expect(stderr.mock.calls.join('')).toContain('SHUTDOWN_LATE');
  });

  it('leaves no secret among the variables of a service that runs', async () => {
    process.env['LLM_API_KEY'] = 'hunter2';
    let read: string | undefined;
    await runService(async () => {
      read = process.env['LLM_API_KEY'];
      return { enableShutdownHooks: jest.fn() };
    });
    expect([read, process.env['LLM_API_KEY']]).toEqual(['hunter2', undefined]);
  });

  it('ends with the exit code of what the start threw', async () => {
    await runService(() =>
      Promise.reject(new ConfigInvalidError([{ variable: 'X_URL', problem: 'is not set' }])),
    );
    expect(exit).toHaveBeenCalledWith(78);
    expect(stderr.mock.calls.join('')).toContain('CONFIG_INVALID: X_URL is not set');
  });

  it.each(['unhandledRejection', 'uncaughtException'])('reports and dies of %s', async (event) => {
    await runService(async () => ({ enableShutdownHooks: jest.fn() }));
    handlers.get(event)?.(new Error('lost'));
    expect(exit).toHaveBeenCalledWith(1);
    expect(stderr.mock.calls.join('')).toContain('lost');
  });
});
