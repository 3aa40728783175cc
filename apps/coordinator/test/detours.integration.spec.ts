import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { RunningCoordinator } from './running-coordinator';
import { PLAUSIBLE, StandInAgents, plausible } from './stand-in-agents';

describe('a task that leaves the straight way', () => {
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

  const ask = (template: string) =>
    coordinator.post({ query: 'How do I stop it?', userId: 'ada', template });

  const attemptsAt = (name: string) =>
    agents.requests.filter(({ stage }) => stage === name).map(({ attempt }) => attempt);

  const eventTypes = async (id: string) =>
    (await coordinator.events(id)).map(({ event }) => event).filter((type) => type !== undefined);

  it('runs the executor again where moderation is not confident, with what it said', async () => {
    agents.behaviour = (request) =>
      request.stage === 'moderation' && request.attempt === 1
        ? { output: { confidence: 0.1, reasons: ['too short'] } }
        : plausible(request);
    const { id } = await ask('standard_query');
    const task = await coordinator.finished(id);
    expect(task).toMatchObject({ status: 'complete', result: { confidence: 0.9 } });
    expect(attemptsAt('executor_reasoning')).toEqual([1, 2]);
    expect(attemptsAt('moderation')).toEqual([1, 2]);
    const again = agents.requests.filter(({ stage }) => stage === 'executor_reasoning')[1];
    expect(again?.upstream['moderation']).toEqual({ confidence: 0.1, reasons: ['too short'] });
    expect(await eventTypes(id)).toContain('task.revised');
  });

  it('does so a bounded number of times, and then goes on', async () => {
    agents.behaviour = (request) =>
      request.stage === 'moderation'
        ? { output: { confidence: 0.1, reasons: [] } }
        : plausible(request);
    const { id } = await ask('standard_query');
    const task = await coordinator.finished(id);
    expect(task).toMatchObject({ status: 'complete', result: { confidence: 0.1 } });
    expect(attemptsAt('executor_reasoning')).toEqual([1, 2]);
  });

  it('searches the web where the executor asks for it, once', async () => {
    agents.behaviour = (request) =>
      request.stage === 'executor_reasoning'
        ? { output: { ...PLAUSIBLE['executor_reasoning'], needsWebSearch: true } }
        : plausible(request);
    const { id } = await ask('standard_query');
    const task = await coordinator.finished(id);
    expect(task.status).toBe('complete');
    expect(task.stages.map(({ name }) => name)).toContain('web_search');
    expect(attemptsAt('web_search')).toEqual([1]);
    const [, second] = agents.requests.filter(({ stage }) => stage === 'executor_reasoning');
    expect(second?.upstream).toHaveProperty('web_search');
    expect(await eventTypes(id)).toContain('stage.inserted');
  });

  it('asks both branches of a fan-out at once, and joins them', async () => {
    agents.behaviour = (request) =>
      request.stage === 'embedding_lookup' || request.stage === 'web_search'
        ? 'silence'
        : plausible(request);
    const { id } = await ask('complex_research');
    const branches = await eventually(() => {
      const open = agents.requests.filter(({ stage }) => /embedding|web/.test(stage));
      return open.length === 2 ? open : undefined;
    });
    agents.behaviour = plausible;
    for (const branch of branches) {
      expect(attemptsAt('executor_reasoning')).toEqual([]);
      await agents.answer(branch);
    }
    expect(await coordinator.finished(id)).toMatchObject({ status: 'complete' });
    expect(attemptsAt('executor_reasoning')).toEqual([1]);
  });
});
