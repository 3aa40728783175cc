import { newId } from '@askflash/config';
import type { AgentHeartbeat } from '@askflash/contracts';
import {
  AgentHealth,
  insertTemplateVersion,
  sampleRunningTasks,
  selectDatabaseFigures,
  selectInstances,
  selectRecentTasks,
  selectWorkingInstances,
  updateInstances,
  upsertHeartbeats,
  writeTransitions,
} from '../src/index';
import { aTask, useDatabase } from './support';

const database = useDatabase();

const beat = (given: Partial<AgentHeartbeat> = {}): AgentHeartbeat => ({
  agent: 'executor',
  instanceId: newId(),
  version: '1',
  status: 'healthy',
  queue: 'executor.task',
  stages: ['executor_reasoning', 'second'],
  startedAt: '2026-01-01T00:00:00.000Z',
  intervalMs: 5_000,
  inFlight: 1,
  processed: 2 ** 40,
  failed: 3,
  cpuPercent: 12.5,
  memoryBytes: 2 ** 41,
  ...given,
});

const verdict = (instanceId: string) => ({
  instanceId,
  status: 'unhealthy' as const,
  statusReason: 'It is frozen',
  queueSize: 7,
  canaryAgoMs: 1_000,
});

beforeEach(() => database.dataSource.query('TRUNCATE task_histories, agent_health CASCADE'));

describe('instances', () => {
  it('are told as they beat, with ages on the database’s clock', async () => {
    const one = beat();
    await upsertHeartbeats(database.manager, [one, beat({ agent: 'intent' })]);
    const [found, other] = await selectInstances(database.manager);
    const { startedAt, status, ...said } = one;
    expect(found).toEqual({
      ...said,
      status,
      reportedStatus: status,
      statusReason: null,
      queueSize: 0,
      startedAt: new Date(startedAt),
      seenAgoMs: expect.any(Number),
      knownForMs: expect.any(Number),
    });
    expect(found?.seenAgoMs).toBeGreaterThanOrEqual(0);
    expect(other?.agent).toBe('intent');
  });

  it('stay unhealthy until a verdict says otherwise, whatever they say', async () => {
    const one = beat();
    const { instanceId } = one;
    await upsertHeartbeats(database.manager, [one]);
    await updateInstances(database.manager, [verdict(instanceId)]);
    await upsertHeartbeats(database.manager, [{ ...one, processed: 5 }]);
    const [found] = await selectInstances(database.manager);
    expect(found).toMatchObject({
      status: 'unhealthy',
      reportedStatus: 'healthy',
      statusReason: 'It is frozen',
      queueSize: 7,
      processed: 5,
    });
    const healthy = { ...verdict(instanceId), status: 'healthy' as const, statusReason: null };
    await updateInstances(database.manager, [{ ...healthy, canaryAgoMs: null }]);
    const row = await database.manager.findOneByOrFail(AgentHealth, { instanceId });
    expect(row).toMatchObject({ status: 'healthy', statusReason: null });
    expect(row.canaryAt).toEqual(expect.any(Date)); // Of the verdict before.
  });

  it('are not told when they are gone, and are back when they beat again', async () => {
    const one = beat();
    await upsertHeartbeats(database.manager, [one]);
    const gone = { ...verdict(one.instanceId), status: 'unknown' as const };
    await updateInstances(database.manager, [gone]);
    expect(await selectInstances(database.manager)).toEqual([]);
    await upsertHeartbeats(database.manager, [one]);
    expect(await selectInstances(database.manager)).toMatchObject([{ status: 'healthy' }]);
  });

  it('work where results of theirs came lately', async () => {
    const task = aTask();
    const [working, idle] = [newId(), newId()];
    const attempt = {
      id: newId(),
      taskId: task.id,
      stage: 'embedding_lookup',
      attempt: 1,
      agent: 'embedding',
      instanceId: working,
      outcome: 'completed' as const,
      errorCode: null,
      durationMs: 1,
      queueWaitMs: null,
    };
    await writeTransitions(database.dataSource, { created: [task], attempts: [attempt] });
    const among = [working, idle];
    expect(await selectWorkingInstances(database.manager, among, 60_000)).toEqual(
      new Set([working]),
    );
    expect(await selectWorkingInstances(database.manager, among, 0)).toEqual(new Set());
    expect(await selectWorkingInstances(database.manager, [], 60_000)).toEqual(new Set());
  });

  it('cost no statement where there is nothing to write', async () => {
    const query = jest.spyOn(database.manager, 'query');
    await upsertHeartbeats(database.manager, []);
    await updateInstances(database.manager, []);
    expect(query).not.toHaveBeenCalled();
    query.mockRestore();
  });
});

describe('figures', () => {
  it('tell of connections, and of messages that are owed', async () => {
    expect(await selectDatabaseFigures(database.manager)).toMatchObject({
      connections: expect.any(Number),
      connectionLimit: expect.any(Number),
      sessionsKilled: expect.any(Number),
      outboxMessages: 0,
      outboxAgeMs: 0,
    });
    const task = aTask();
    const message = { id: newId(), taskId: task.id, type: 'x', payload: {}, traceparent: null };
    await writeTransitions(database.dataSource, { created: [task], messages: [message] });
    const figures = await selectDatabaseFigures(database.manager);
    expect(figures.outboxMessages).toBe(1);
    expect(figures.outboxAgeMs).toBeGreaterThan(0);
    expect(figures.connections).toBeLessThanOrEqual(figures.connectionLimit);
  });

  it('sample running tasks that changed within the time given', async () => {
    const [running, ended] = [
      aTask({ wakeAt: new Date() }),
      aTask({ status: 'complete', finishedAt: new Date() }),
    ];
    await writeTransitions(database.dataSource, { created: [running, ended] });
    const within = (fromAgoMs: number, toAgoMs: number) =>
      sampleRunningTasks(database.manager, { fromAgoMs, toAgoMs });
    expect(await within(60_000, 0)).toEqual([running.id]);
    expect(await within(60_000, 30_000)).toEqual([]);
  });
});

describe('recent tasks', () => {
  it('tell where their stages stand, in order, inserted ones where they belong', async () => {
    await insertTemplateVersion(database.manager, 'three', () => ({
      description: '',
      stages: [{ name: 'zeta' }, { name: 'alpha' }, { name: 'last' }],
    }));
    const stage = (status: string, attempt: number) => ({ status, attempt, output: { big: 'x' } });
    const task = aTask({
      templateName: 'three',
      status: 'in_progress',
      state: {
        stages: {
          alpha: stage('requested', 2),
          last: stage('pending', 0),
          web_search: stage('completed', 1),
          zeta: stage('completed', 1),
        },
        inserted: [{ stage: { name: 'web_search' }, before: 'alpha' }],
      },
    });
    const older = aTask({ id: '01900000-0000-7000-8000-000000000000' });
    await writeTransitions(database.dataSource, { created: [task, older] });
    const [recent, old] = await selectRecentTasks(database.manager, { limit: 2 });
    expect(recent).toEqual({
      id: task.id,
      template: 'three',
      status: 'in_progress',
      createdAt: task.createdAt,
      finishedAt: null,
      stages: [
        { name: 'zeta', status: 'completed', attempt: 1 },
        { name: 'web_search', status: 'completed', attempt: 1 },
        { name: 'alpha', status: 'requested', attempt: 2 },
        { name: 'last', status: 'pending', attempt: 0 },
      ],
    });
    expect(old).toMatchObject({ id: older.id, stages: [] });
  });
});
