import { newId } from '@askflash/config';
import { taskView } from '@askflash/contracts';
import { makeApiKey } from '@askflash/service-kit';
import { createTestBackbone, type TestBackbone } from '@askflash/testing';
import { z } from 'zod';
import { RunningCoordinator } from './running-coordinator';

const REQUESTS_PER_MINUTE = 100;

const KEYS = {
  admin: makeApiKey({ name: 'ops', role: 'admin' }),
  read: makeApiKey({ name: 'viewer', role: 'read' }),
  submit: makeApiKey({ name: 'backend', role: 'submit' }),
  ada: makeApiKey({ name: 'ada', role: 'submit', userId: 'ada' }),
  busy: makeApiKey({ name: 'busy', role: 'read' }),
  unknown: makeApiKey({ name: 'ops', role: 'admin' }),
};

const apiPaths = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ 'x-askflash-roles': z.array(z.string()).optional() })),
  ),
});

describe('API keys', () => {
  let backbone: TestBackbone;
  let coordinator: RunningCoordinator;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    const known = Object.entries(KEYS).filter(([name]) => name !== 'unknown');
    coordinator = await RunningCoordinator.start(backbone, {
      COORDINATOR_API_KEYS: known.map(([, { line }]) => line).join('\n'),
      COORDINATOR_KEY_REQUESTS_PER_MINUTE_COUNT: String(REQUESTS_PER_MINUTE),
    });
  });

  afterAll(async () => {
    await coordinator?.stop();
    await backbone?.remove();
  });

  const call = (
    path: string,
    {
      as,
      body,
      method = body === undefined ? 'GET' : 'POST',
    }: {
      readonly as?: keyof typeof KEYS | undefined;
      readonly body?: object;
      readonly method?: string;
    } = {},
  ) =>
    fetch(`${coordinator.url}${path}`, {
      method,
      headers: {
        ...(as === undefined ? {} : { authorization: `Bearer ${KEYS[as].key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const submit = async (as: keyof typeof KEYS, userId: string): Promise<string> => {
    const response = await call('/tasks', { as, body: { query: 'Why?', userId } });
    expect(response.status).toBe(202);
    return taskView.parse(await response.json()).id;
  };

  it.each(['/health/live', '/health/ready', '/metrics', '/docs-json'])(
    'leaves %s open',
    async (path) => expect((await call(path)).status).toBe(200),
  );

  it('asks for a key, and tells how to send it', async () => {
    const response = await call(`/tasks/${newId()}`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'KEY_MISSING' });
  });

  it('does not take a key that nobody was given', async () => {
    const response = await call(`/tasks/${newId()}`, { as: 'unknown' });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'KEY_UNKNOWN' });
  });

  it('guards every route that the API tells of, by the roles that it tells', async () => {
    const response = await call('/docs-json');
    const { paths } = apiPaths.parse(await response.json());
    const refusals: string[] = [];
    const expected: string[] = [];
    for (const [path, item] of Object.entries(paths)) {
      for (const [method, { 'x-askflash-roles': roles }] of Object.entries(item)) {
        if (!roles) continue;
        const route = `${method.toUpperCase()} ${path}`;
        const url = path.replace('{id}', newId()).replace('{name}', 'quick_answer');
        const outsiders = (['submit', 'read'] as const).filter((role) => !roles.includes(role));
        expected.push(`${route}: nobody 401`, ...outsiders.map((role) => `${route}: ${role} 403`));
        for (const as of [undefined, ...outsiders]) {
          const { status } = await call(url, { as, method: method.toUpperCase() });
          refusals.push(`${route}: ${as ?? 'nobody'} ${status}`);
        }
      }
    }
    expect(refusals).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
  });

  it.each(['admin', 'submit', 'ada'] as const)('lets the key %s submit', async (as) => {
    await submit(as, 'ada');
  });

  it('lets a reading key look and nothing else', async () => {
    const id = await submit('submit', 'bob');
    expect((await call(`/tasks/${id}`, { as: 'read' })).status).toBe(200);
    const response = await call('/tasks', { as: 'read', body: { query: 'Why?', userId: 'bob' } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'KEY_FORBIDDEN',
      fields: { role: 'read', wanted: ['submit', 'admin'] },
    });
  });

  describe('that is bound to a user', () => {
    it('sees that user’s tasks', async () => {
      const id = await submit('submit', 'ada');
      expect((await call(`/tasks/${id}`, { as: 'ada' })).status).toBe(200);
    });

    it.each(['', '/events'])(
      'sees of another’s task%s as much as of one that is not',
      async (sub) => {
        const theirs = await submit('submit', 'bob');
        const none = newId();
        for (const id of [theirs, none]) {
          const response = await call(`/tasks/${id}${sub}`, { as: 'ada' });
          expect(response.status).toBe(404);
          expect(await response.json()).toMatchObject({
            code: 'TASK_NOT_FOUND',
            fields: { taskId: id },
          });
        }
      },
    );

    it('lists that user’s tasks, and has to say so', async () => {
      await submit('submit', 'bob');
      const mine = await call('/tasks?userId=ada&limit=100', { as: 'ada' });
      expect(mine.status).toBe(200);
      expect(await mine.text()).not.toContain('"bob"');
      expect((await call('/tasks?userId=bob', { as: 'ada' })).status).toBe(403);
      expect((await call('/tasks?userId=bob&userId=ada', { as: 'ada' })).status).toBe(403);
      expect((await call('/tasks', { as: 'ada' })).status).toBe(403);
    });

    it.each(['abort', 'retry'])('does not %s another’s task', async (action) => {
      const theirs = await submit('submit', 'bob');
      const response = await call(`/tasks/${theirs}/${action}`, { as: 'ada', body: {} });
      expect(response.status).toBe(404);
      expect((await call(`/tasks/${theirs}`, { as: 'read' })).status).toBe(200);
    });

    it('aborts that user’s own', async () => {
      const id = await submit('ada', 'ada');
      expect((await call(`/tasks/${id}/abort`, { as: 'ada', body: {} })).status).toBe(200);
    });

    it.each([{ userId: 'bob' }, { userId: 7 }, {}])('submits nothing for %j', async (who) => {
      const response = await call('/tasks', { as: 'ada', body: { query: 'Why?', ...who } });
      expect(response.status).toBe(403);
    });
  });

  it('turns a key away that asks too often, and no other', async () => {
    const path = `/tasks/${newId()}`;
    for (let count = 0; count < REQUESTS_PER_MINUTE; count += 1) {
      expect((await call(path, { as: 'busy' })).status).toBe(404);
    }
    const response = await call(path, { as: 'busy' });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'KEY_RATE_EXCEEDED', status: 429 });
    expect((await call(path, { as: 'read' })).status).toBe(404);
    expect((await call('/health/live', { as: 'busy' })).status).toBe(200);
  });
});
