import { DEFAULT_TEMPLATES } from '@askflash/dag-templates';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { RunningCoordinator } from './running-coordinator';
import { StandInAgents, plausible } from './stand-in-agents';

describe('the API of templates', () => {
  let backbone: TestBackbone;
  let agents: StandInAgents;
  let coordinator: RunningCoordinator;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    coordinator = await RunningCoordinator.start(backbone);
  });

  afterAll(async () => {
    await coordinator?.stop();
    await agents?.stop();
    await backbone?.remove();
  });

  beforeEach(() => {
    agents.requests.length = 0;
    agents.behaviour = plausible;
  });

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await coordinator.request(method, path, body);
    const text = await response.text();
    return {
      status: response.status,
      location: response.headers.get('location'),
      type: response.headers.get('content-type'),
      text,
      body: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  };
  const lookup = (description: string, more: object = {}) => ({
    description,
    stages: [{ name: 'embedding_lookup', timeoutMs: 5_000, ...more }],
  });

  it('lists the defaults, and tells each', async () => {
    const { body } = await call('GET', '/templates');
    const names = body.templates.map(({ name }: { name: string }) => name);
    expect(names).toEqual(DEFAULT_TEMPLATES.map(({ name }) => name).sort());
    for (const template of DEFAULT_TEMPLATES) {
      expect((await call('GET', `/templates/${template.name}`)).body).toEqual(template);
    }
  });

  it('says 404 of what is not there', async () => {
    for (const path of ['nobody', 'quick_answer?version=99', 'nobody/diagram']) {
      expect(await call('GET', `/templates/${path}`)).toMatchObject({
        status: 404,
        body: { code: 'TEMPLATE_NOT_FOUND' },
      });
    }
    expect((await call('GET', '/templates/quick_answer?version=x')).status).toBe(400);
  });

  it('stores each PUT as a version of its own, which is found under its location', async () => {
    const first = await call('PUT', '/templates/own', lookup('One'));
    expect(first).toMatchObject({
      status: 201,
      location: '/templates/own?version=1',
      body: { name: 'own', version: 1, description: 'One', conditions: {} },
    });
    const second = await call('PUT', '/templates/own', { ...first.body, description: 'Two' });
    expect(second).toMatchObject({ status: 201, body: { version: 2, description: 'Two' } });
    expect((await call('GET', String(first.location))).body).toEqual(first.body);
    expect((await call('GET', '/templates/own')).body).toEqual(second.body);
  });

  it('numbers versions without gap or double, however many come at once', async () => {
    const saved = await Promise.all(
      Array.from({ length: 10 }, (_one, index) =>
        call('PUT', '/templates/busy', lookup(`${index}`)),
      ),
    );
    expect(saved.map(({ body }) => body.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 10 }, (_one, index) => index + 1),
    );
  });

  it('leaves running tasks their version, and gives new ones the new one', async () => {
    await call('PUT', '/templates/moving', lookup('Before'));
    agents.behaviour = () => 'silence';
    const old = await coordinator.post({ query: 'q', userId: 'ada', template: 'moving' });
    const request = await eventually(() => agents.requests[0]);
    await call('PUT', '/templates/moving', {
      description: 'After',
      stages: [{ name: 'intent_analysis', timeoutMs: 5_000 }],
    });
    agents.behaviour = plausible;
    const fresh = await coordinator.post({ query: 'q', userId: 'ada', template: 'moving' });
    await agents.answer(request);
    expect(await coordinator.finished(old.id)).toMatchObject({
      status: 'complete',
      template: { name: 'moving', version: 1 },
      stages: [{ name: 'embedding_lookup' }],
    });
    expect(await coordinator.finished(fresh.id)).toMatchObject({
      status: 'complete',
      template: { name: 'moving', version: 2 },
      stages: [{ name: 'intent_analysis' }],
    });
  });

  it.each([
    [
      'a cycle',
      [{ name: 'moderation', timeoutMs: 100, dependsOn: ['moderation'] }],
      'CYCLE',
      'stages.0.dependsOn',
    ],
    ['an unknown agent', [{ name: 'cook', timeoutMs: 100 }], 'STAGE_UNKNOWN', 'stages.0.name'],
    [
      'a bad condition',
      [{ name: 'moderation', timeoutMs: 100, when: 'input.' }],
      'CONDITION_INVALID',
      'stages.0.when',
    ],
    ['no stages', [], 'SHAPE_INVALID', 'stages'],
  ])('refuses %s, saying what is wrong where', async (_what, stages, code, path) => {
    const candidate = { description: 'Bad', stages };
    const problems = [{ code, path, message: expect.any(String) }];
    expect(await call('PUT', '/templates/bad', candidate)).toMatchObject({
      status: 422,
      type: expect.stringContaining('application/problem+json'),
      body: { code: 'TEMPLATE_INVALID', fields: { problems } },
    });
    expect(await call('POST', '/templates/validate', candidate)).toMatchObject({
      status: 200,
      body: { valid: false, problems },
    });
    expect((await call('GET', '/templates/bad')).status).toBe(404);
  });

  it('refuses what is no template at all', async () => {
    for (const body of [[], 'template', 7, { stages: 1 }]) {
      expect((await call('PUT', '/templates/bad', body)).status).toBe(422);
    }
    expect((await call('PUT', '/templates/No%20Name', lookup('Bad name'))).status).toBe(400);
  });

  it('validates without storing', async () => {
    expect(await call('POST', '/templates/validate', lookup('Good'))).toMatchObject({
      status: 200,
      body: { valid: true, problems: [] },
    });
  });

  it('draws a template', async () => {
    const { status, type, text } = await call('GET', '/templates/quick_answer/diagram');
    expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(text).toMatch(/^flowchart LR\n {2}s0\["embedding_lookup"\]/);
  });

  it('runs a stage by its condition over input and what is upstream', async () => {
    await call('PUT', '/templates/asking', {
      description: 'Asks',
      stages: [
        { name: 'intent_analysis', timeoutMs: 5_000 },
        {
          name: 'embedding_lookup',
          timeoutMs: 5_000,
          dependsOn: ['intent_analysis'],
          when: 'upstream.intent_analysis.category == "informational" && has(input.deep)',
        },
        { name: 'web_search', timeoutMs: 5_000, dependsOn: ['intent_analysis'], when: 'input.web' },
      ],
    });
    const run = async (input: object) => {
      const task = { query: 'q', userId: 'ada', template: 'asking', input };
      return coordinator.finished((await coordinator.post(task)).id);
    };
    const stages = ['completed', 'skipped', 'completed'].map((status) => ({ status }));
    expect(await run({ web: true })).toMatchObject({ status: 'complete', stages });
    expect(await run({ web: 'yes' })).toMatchObject({
      status: 'failed',
      error: { code: 'STAGE_CONDITION_BROKEN', stage: 'web_search' },
    });
  });
});
