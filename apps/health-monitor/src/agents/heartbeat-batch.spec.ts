import type { AgentHeartbeat } from '@askflash/contracts';
import { HeartbeatBatch } from './heartbeat-batch';

const heartbeat = (instanceId: string, processed: number): AgentHeartbeat => ({
  agent: 'executor',
  instanceId,
  version: '1',
  status: 'healthy',
  queue: 'executor.task',
  stages: ['executor_reasoning'],
  startedAt: '2026-01-01T00:00:00.000Z',
  intervalMs: 5000,
  inFlight: 0,
  processed,
  failed: 0,
  cpuPercent: 1,
  memoryBytes: 1,
});

describe('HeartbeatBatch', () => {
  it('writes what came within the window once, the last of each instance', async () => {
    const written: (readonly AgentHeartbeat[])[] = [];
    const batch = new HeartbeatBatch(async (heartbeats) => void written.push(heartbeats), 10);
    await Promise.all([
      batch.add(heartbeat('a', 1)),
      batch.add(heartbeat('b', 1)),
      batch.add(heartbeat('a', 2)),
    ]);
    expect(written).toEqual([[heartbeat('a', 2), heartbeat('b', 1)]]);
    await batch.add(heartbeat('a', 3));
    expect(written[1]).toEqual([heartbeat('a', 3)]);
  });

  it('tells everybody of a batch that could not be written, and starts afresh', async () => {
    let broken = true;
    const batch = new HeartbeatBatch(async () => {
      if (broken) throw new Error('no database');
    }, 5);
    const outcomes = await Promise.allSettled([
      batch.add(heartbeat('a', 1)),
      batch.add(heartbeat('b', 1)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    await expect(batch.add(heartbeat('a', 2))).resolves.toBeUndefined();
  });
});
