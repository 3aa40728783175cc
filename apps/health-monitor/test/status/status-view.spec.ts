import type { StatusSnapshot } from '../../src/status/status-snapshot';
import { headlineOf } from '../../src/status/view/sections/overview';
import { renderPage, renderStatus } from '../../src/status/view/status-view';
import { instance, openCondition, queue, wellStatus } from './fake-status';
import { structureOf } from './structure-of';

const HOSTILE = `"'><script>alert(1)</script><img src=x onerror="alert(2)">&amp;\u202e`;

/** A status with a text in every place where one can come from outside. */
function statusOf(text: string): StatusSnapshot {
  const well = wellStatus();
  const [task] = well.tasks ?? [];
  return {
    ...well,
    servers: [{ name: text, status: 'down', latencyMs: 1, reason: text, remedy: text }],
    conditions: [
      openCondition('queue_stuck', { subject: text, summary: text }),
      openCondition('queue_slow', { id: text }),
    ],
    queues: [queue(text)],
    agents: [
      instance(text, '1', { instanceId: text, version: text, statusReason: text, queue: text }),
      instance(text, '2', { status: 'unhealthy', statusReason: text }),
    ],
    tasks: task && [
      {
        ...task,
        id: text,
        template: text,
        stages: task.stages.map((stage) => ({ ...stage, name: text })),
      },
    ],
    deadLetters: { count: 3, url: text },
  };
}

describe('the status page', () => {
  const now = new Date();
  const pageOf = (status: StatusSnapshot) => renderPage(renderStatus(status, now));
  const versions = (status: StatusSnapshot, at = now) =>
    Object.fromEntries(renderStatus(status, at).sections.map(({ id, version }) => [id, version]));

  it('takes whatever comes from outside for text', () => {
    const page = pageOf(statusOf(HOSTILE));
    expect(structureOf(page)).toEqual(structureOf(pageOf(statusOf('harmless'))));
    expect(page).not.toContain('<script>alert');
    expect(page.match(/&lt;script&gt;alert/g)?.length).toBeGreaterThan(15);
  });

  it('shows every status by a word and by a shape of its own', () => {
    const shapes = new Map<string, string>();
    for (const status of ['starting', 'healthy', 'unhealthy', 'stopping', 'unknown'] as const) {
      const page = pageOf({ ...wellStatus(), agents: [instance('intent', '1', { status })] });
      const [, shape = ''] =
        new RegExp(`<svg class="shape"[^>]*>([^]*?)</svg\\s*>\\s*<span>${status}</span>`).exec(
          page,
        ) ?? [];
      expect([status, shape]).toEqual([status, expect.stringMatching(/<(path|circle)/)]);
      shapes.set(status, shape);
    }
    expect(new Set(shapes.values()).size).toBe(shapes.size);
  });

  it('is another where anything but time has changed', () => {
    const status = wellStatus();
    const later = new Date(now.getTime() + 20_000);
    expect(versions(status, later)).toEqual(versions(status));

    const changed = versions({ ...status, queues: [queue('intent.task', { ready: 1 })] });
    const { queues: before, ...others } = versions(status);
    expect(changed).toEqual({ ...others, queues: expect.not.stringMatching(before ?? '') });
  });

  it('says of what cannot be seen that it cannot', () => {
    const parts = {
      queues: undefined,
      agents: undefined,
      tasks: undefined,
      deadLetters: undefined,
    };
    const page = pageOf({ ...wellStatus(), ...parts });
    expect(page.match(/cannot be seen at the moment/g)).toHaveLength(4);
  });
});

describe('headlineOf', () => {
  const now = new Date();
  const critical = openCondition('queue_stuck', {});
  const warning = openCondition('queue_slow', {});
  const down = { name: 'redis', status: 'down', latencyMs: 1 } as const;

  it.each<[string, string, Partial<StatusSnapshot>]>([
    ['All is well', 'good', {}],
    ['1 condition is open', 'warning', { conditions: [warning] }],
    ['2 conditions are open', 'bad', { conditions: [warning, critical] }],
    ['1 check fails', 'bad', { servers: [down] }],
    ['Nothing has been looked at yet', 'unknown', { servers: [] }],
    ['Nobody has looked for a while', 'unknown', { at: new Date(now.getTime() - 60_000) }],
    ['Not all can be seen', 'unknown', { tasks: undefined }],
  ])('%s', (text, tone, parts) => {
    expect(headlineOf({ ...wellStatus(), at: now, ...parts }, now)).toEqual({ text, tone });
  });
});
