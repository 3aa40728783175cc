import { newId } from '@askflash/config';
import { Logger } from '@nestjs/common';
import { heedDirectives } from './conformance';
import { RetryLaterError, StageConformanceFailureError } from './errors';
import { requestOf } from './run-stage';
import { StageContext } from './stage-context';

describe('heedDirectives', () => {
  const over = new AbortController();
  const work = jest.fn(async () => ({ done: true }));
  const run = (conformance?: unknown) => {
    const input = JSON.parse(JSON.stringify({ conformance, other: newId() }));
    const context = new StageContext(
      requestOf('read', { input }),
      over.signal,
      new Logger('test'),
      { write: () => undefined },
    );
    return heedDirectives(work)(undefined, context);
  };

  beforeEach(() => work.mockClear());

  it.each([undefined, { do: 'sing' }, 'fail', { do: 'work', ms: 20 }])(
    'does the ordinary work with %j',
    async (directive) => {
      expect(await run(directive)).toEqual({ done: true });
    },
  );

  it('fails, and asks for a pause, where it is told to', async () => {
    await expect(run({ do: 'fail' })).rejects.toThrow(StageConformanceFailureError);
    await expect(run({ do: 'retry_later', ms: 70 })).rejects.toThrow(new RetryLaterError(70));
    expect(work).not.toHaveBeenCalled();
  });

  it('stops working when the attempt is aborted', async () => {
    const running = run({ do: 'work', ms: 60_000 });
    over.abort();
    await expect(running).rejects.toThrow(/abort/);
    expect(work).not.toHaveBeenCalled();
  });
});
