import {
  responseOutput,
  type ProgressEvent,
  type ResponseOutput,
  type TaskEvent,
  type TaskView,
} from '@askflash/contracts';
import type { Coordinator, NewTask } from './coordinator';

/** A task that has ended. */
export interface Outcome extends Pick<ResponseOutput, 'answer' | 'sources'> {
  readonly task: TaskView;
}

/** Told of what happens meanwhile. */
export interface AskListener {
  onAccepted(taskId: string): void;
  onEvent(event: TaskEvent | ProgressEvent): void;
}

/** Hands a question in and waits for the end of its task, however it ends. */
export async function ask(
  coordinator: Coordinator,
  task: NewTask,
  listener: AskListener,
): Promise<Outcome> {
  const id = await coordinator.createTask(task);
  listener.onAccepted(id);
  for await (const event of coordinator.events(id)) {
    listener.onEvent(event);
    if (event.type === 'task.finished') break;
  }
  const ended = await coordinator.task(id);
  const response = responseOutput.safeParse(ended.result);
  const { answer, sources } = response.success ? response.data : { answer: '', sources: [] };
  return { task: ended, answer, sources };
}
