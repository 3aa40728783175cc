import {
  AGENT_CONFIG,
  Agent,
  Stage,
  embeddingOutput,
  startAgent,
  type StageContext,
} from '@askflash/agent-kit';
import { loadConfig, newId } from '@askflash/config';
import type { StageRequested } from '@askflash/contracts';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { Module, type INestApplication } from '@nestjs/common';
import { RunningCoordinator } from './running-coordinator';

const started: string[] = [];
const aborted: string[] = [];

@Agent({ name: 'embedding', queue: 'embedding.task' })
class PatientAgent {
  @Stage('embedding_lookup', { output: embeddingOutput })
  async lookup({ taskId }: StageRequested, { signal }: StageContext) {
    started.push(taskId);
    await new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    ).catch(() => aborted.push(taskId));
    return { passages: [] };
  }
}

@Module({ controllers: [PatientAgent] })
class PatientAgentModule {}

describe('an abort', () => {
  let backbone: TestBackbone;
  let agent: INestApplication;
  let coordinator: RunningCoordinator;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    coordinator = await RunningCoordinator.start(backbone);
    agent = await startAgent({
      appName: 'patient-agent',
      module: PatientAgentModule,
      config: loadConfig(AGENT_CONFIG, { ...backbone.env, LOG_LEVEL: 'silent' }),
      instanceId: newId(),
      version: 'test',
    });
  });

  afterAll(async () => {
    await agent?.close();
    await coordinator?.stop();
    await backbone?.remove();
  });

  it('reaches the agent that is at work, which stops', async () => {
    const { id } = await coordinator.post({
      query: 'What takes so long?',
      userId: 'ada',
      template: 'simple_lookup',
    });
    await eventually(() => started.includes(id));
    const response = await fetch(`${coordinator.url}/tasks/${id}/abort`, { method: 'POST' });
    expect(response.status).toBe(200);
    await eventually(() => aborted.includes(id));
    expect(await coordinator.read(id)).toMatchObject({ status: 'aborted' });
  });
});
