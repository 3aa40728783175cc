import type { RedisTasks } from '@askflash/redis-tasks';
import { Logger } from '@nestjs/common';
import { setImmediate } from 'node:timers/promises';
import { defaultTemplate, TaskInMemory } from '../../test/task-in-memory';
import { toTaskView } from './task-record';
import { ViewWriter } from './view-writer';

/** A writer, and stores that tell which views were rebuilt and how many were read at once. */
function setUp() {
  const task = new TaskInMemory(defaultTemplate('standard_query'));
  const view = toTaskView(task.task);
  const stores = {
    rebuilt: new Array<string>(),
    refused: new Set<string>(),
    reading: 0,
    mostReading: 0,
    onRead: (_id: string) => undefined,
  };
  const redisTasks: Pick<RedisTasks, 'create' | 'transitionMany' | 'rebuild'> = {
    create: async () => 'created',
    transitionMany: async (transitions) => transitions.map(() => 'applied'),
    rebuild: async ({ id }) => {
      if (stores.refused.has(id)) throw new Error('READONLY');
      stores.rebuilt.push(id);
      return 'rebuilt';
    },
  };
  const writer = new ViewWriter(redisTasks, async (id) => {
    stores.reading += 1;
    stores.mostReading = Math.max(stores.mostReading, stores.reading);
    stores.onRead(id);
    await setImmediate();
    stores.reading -= 1;
    return { view: { ...view, id }, events: task.events };
  });
  return { stores, writer };
}

const ids = Array.from({ length: 100 }, (_none, i) => `task-${i}`);

describe('refresh', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['error']));

  it('rebuilds what is marked, several at once but few', async () => {
    const { stores, writer } = setUp();
    for (const id of ids) writer.markStale(id);
    await writer.refresh();
    expect(stores.rebuilt).toEqual(ids);
    expect(stores.mostReading).toBe(8);
  });

  it('rebuilds again what is marked while its truth is read', async () => {
    const { stores, writer } = setUp();
    stores.onRead = (id) => {
      if (stores.rebuilt.length === 0) writer.markStale(id);
      return undefined;
    };
    for (const id of ids.slice(0, 3)) writer.markStale(id);
    await writer.refresh();
    expect(stores.rebuilt).toEqual(['task-0', 'task-1', 'task-2', 'task-0', 'task-1', 'task-2']);
  });

  it('leaves marked what a store refuses, and gives up until it is called again', async () => {
    const { stores, writer } = setUp();
    stores.refused.add('task-3');
    for (const id of ids) writer.markStale(id);
    await writer.refresh();
    expect(stores.rebuilt).not.toContain('task-3');
    expect(stores.rebuilt.length).toBeLessThan(8);
    stores.refused.clear();
    await writer.refresh();
    expect(new Set(stores.rebuilt)).toEqual(new Set(ids));
  });
});
