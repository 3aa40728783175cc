import { Module } from '@nestjs/common';
import { z } from 'zod';
import { Agent, Stage } from './decorators';
import { AgentDefinitionInvalidError, NonRetryableError } from './errors';
import { runStage } from './run-stage';
import type { StageContext } from './stage-context';

const words = z.object({ words: z.array(z.string()) });

@Agent({ name: 'reader', queue: 'reader.task' })
class Reader {
  @Stage('read', { input: z.object({ query: z.string().min(1) }), output: words })
  async read({ query }: { query: string }, context: StageContext) {
    if (query === 'never') throw new NonRetryableError('No such thing');
    context.progress('reading', 0.5);
    context.token(query);
    const earlier = context.upstream('skim', words)?.words ?? [];
    return { words: [...earlier, ...query.split(' ')] };
  }
}

@Module({ controllers: [Reader] })
class ReaderModule {}

describe('runStage', () => {
  it('runs a stage without servers and tells output and progress', async () => {
    const run = await runStage(ReaderModule, 'read', {
      query: 'two words',
      upstream: { skim: { words: ['first'] } },
    });
    expect(run.output).toEqual({ words: ['first', 'two', 'words'] });
    expect(run.progress).toEqual([
      { type: 'progress', stage: 'read', attempt: 1, message: 'reading', fraction: 0.5 },
      { type: 'token', stage: 'read', attempt: 1, text: 'two words' },
    ]);
  });

  it('throws what the handler throws, as it is', async () => {
    await expect(runStage(ReaderModule, 'read', { query: 'never' })).rejects.toThrow(
      NonRetryableError,
    );
  });

  it('refuses input the stage cannot take, and stages nobody handles', async () => {
    await expect(runStage(ReaderModule, 'read')).rejects.toThrow(/query/);
    await expect(runStage(ReaderModule, 'sing')).rejects.toThrow(AgentDefinitionInvalidError);
  });
});
