import { taskView, type TaskView } from '@askflash/contracts';
import { eventually, freePort, type TestBackbone } from '@askflash/testing';
import { AttackedApp } from './attacked-app';

/** A coordinator as it is deployed, in a process of its own, that a test does its worst to. */
export class AttackedCoordinator extends AttackedApp {
  /** Starts one and waits until it is ready. */
  static async start(env: TestBackbone['env']): Promise<AttackedCoordinator> {
    const coordinator = new AttackedCoordinator('coordinator', await freePort(), {
      ...env,
      COORDINATOR_POLL_INTERVAL_MS: '100',
    });
    await coordinator.whenReady();
    return coordinator;
  }

  /** Hands a task in: its id. */
  async handIn(template = 'quick_answer'): Promise<string> {
    const response = await fetch(`${this.url}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'How do I add an agent?', userId: 'ada', template }),
    });
    return taskView.parse(await response.json()).id;
  }

  /** Hands a task in and sees it through: its id. */
  async finishTask(template?: string): Promise<string> {
    const id = await this.handIn(template);
    const isComplete = async () => (await this.read(id)).status === 'complete';
    await eventually(isComplete, { timeoutMs: 60_000, what: `task ${id} to complete` });
    return id;
  }

  private async read(id: string): Promise<TaskView> {
    return taskView.parse(await (await this.get(`/tasks/${id}`)).json());
  }
}
