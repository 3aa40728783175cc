import type { StageRequested } from '@askflash/contracts';
import {
  createTestBackbone,
  eventually,
  startPrivateServers,
  type PrivateServers,
} from '@askflash/testing';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { Agent, Stage, StageUnwantedError, type StageContext } from '../src';
import { withBackbone } from '../testing';

/** What the handler has seen, by query. */
const started: string[] = [];
const aborted = new Map<string, unknown>();
const hold = { release: (): void => undefined };

@Agent({ name: 'websearch', queue: 'websearch.task' })
class WaitingAgent {
  @Stage('web_search', { output: z.object({ query: z.string() }) })
  async search({ query }: StageRequested, { signal }: StageContext) {
    started.push(query);
    if (query.startsWith('wait')) {
      await new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(aborted.set(query, signal.reason))),
      );
    }
    if (query === 'hold') await new Promise<void>((go) => (hold.release = go));
    return { query };
  }
}

@Module({ controllers: [WaitingAgent] })
class WaitingAgentModule {}

describe('an agent whose task is aborted', () => {
  const agent = withBackbone(WaitingAgentModule, { env: { AGENT_CONCURRENCY_COUNT: '1' } });

  it('aborts its handler within moments, reports nothing, and goes on with the next task', async () => {
    const running = await agent.request('web_search', { query: 'wait for ever' });
    await eventually(() => started.includes('wait for ever'));
    await running.abort();
    const next = await agent.request('web_search', { query: 'the next' });
    expect(await next.report()).toMatchObject({ outcome: 'completed' });
    expect(aborted.get('wait for ever')).toBeInstanceOf(StageUnwantedError);
    expect(running.reports).toEqual([]);
  });

  it('does not start what was aborted while it waited in the queue', async () => {
    const blocking = await agent.request('web_search', { query: 'wait first' });
    await eventually(() => started.includes('wait first'));
    const waiting = await agent.request('web_search', { query: 'second' });
    const wanted = await agent.request('web_search', { query: 'third' });
    await waiting.abort();
    const sentAt = Date.now();
    await eventually(() => Date.now() - sentAt > 1_100);
    await blocking.abort();
    expect(await wanted.report()).toMatchObject({ outcome: 'completed' });
    expect(started).not.toContain('second');
    expect(waiting.reports).toEqual([]);
  });

  it('gives up an attempt that was requested anew', async () => {
    const first = await agent.request('web_search', { query: 'wait, then again' });
    await eventually(() => started.includes('wait, then again'));
    await first.requestAgain({ query: 'again' });
    expect(await first.report()).toMatchObject({ outcome: 'completed', payload: { attempt: 2 } });
    expect(aborted.get('wait, then again')).toMatchObject({ code: 'STAGE_UNWANTED' });
  });
});

describe('an agent whose Redis goes away', () => {
  let redis: PrivateServers<'redis'>;
  const agent = withBackbone(WaitingAgentModule, {
    backbone: async () => {
      redis = await startPrivateServers({ only: ['redis'] });
      const shared = await createTestBackbone();
      return {
        env: { ...shared.env, ...redis.env },
        remove: async () => {
          await shared.remove();
          await redis.stop();
        },
      };
    },
  });

  it('finishes what it is at, and takes what comes', async () => {
    const stage = await agent.request('web_search', { query: 'hold' });
    await eventually(() => started.includes('hold'));
    await redis.redis.stop();
    hold.release();
    expect(await stage.report()).toMatchObject({ outcome: 'completed', payload: { attempt: 1 } });
    await stage.send({ ...stage.request, attempt: 2, query: 'after' });
    const report = await eventually(() => stage.reports[1]);
    expect(report).toMatchObject({ outcome: 'completed', payload: { attempt: 2 } });
  });
});
