import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { Client } from 'pg';
import { RunningCoordinator } from './running-coordinator';
import { StandInAgents, plausible } from './stand-in-agents';

describe('a message that can never be sent', () => {
  let backbone: TestBackbone;
  let agents: StandInAgents;
  let coordinator: RunningCoordinator;
  let database: Client;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    coordinator = await RunningCoordinator.start(backbone);
    database = new Client({ connectionString: backbone.env.DATABASE_URL });
    await database.connect();
  });

  afterAll(async () => {
    await coordinator?.stop();
    await agents?.stop();
    await database?.end();
    await backbone?.remove();
  });

  it('fails its stage at once, with the reason, and leaves the outbox', async () => {
    const passages = [{ path: 'a.md', heading: 'A', text: 'x'.repeat(600_000), score: 1 }];
    agents.behaviour = (request) =>
      ['embedding_lookup', 'web_search'].includes(request.stage)
        ? { output: { passages } }
        : plausible(request);
    const task = { query: 'Too much?', userId: 'ada', template: 'complex_research' };
    const { id } = await coordinator.post(task);
    expect(await coordinator.finished(id)).toMatchObject({
      status: 'failed',
      error: { code: 'MESSAGE_TOO_LARGE', stage: 'executor_reasoning' },
    });
    await eventually(async () => {
      const { rows } = await database.query('SELECT 1 FROM task_outbox WHERE task_id = $1', [id]);
      return rows.length === 0;
    });
  });
});
