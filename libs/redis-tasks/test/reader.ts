import { eventually } from '@askflash/testing';
import type { RedisTasks, StreamItem } from '../src';

/** A subscription that is read in the background. */
export interface Reader {
  readonly items: StreamItem[];
  /** Ids of events, and `gap after–upTo`, in the order they came. */
  trail(): string[];
  /** Waits until an id has come. */
  reached(id: string): Promise<void>;
  /** Aborts, and waits until the subscription has ended. */
  stop(): Promise<void>;
}

/** Reads a task's stream in the background; `onItem` may make it slow. */
export function startReader(
  tasks: RedisTasks,
  taskId: string,
  { after, onItem }: { after?: string; onItem?: (item: StreamItem) => Promise<void> } = {},
): Reader {
  const abort = new AbortController();
  const items: StreamItem[] = [];
  const done = (async () => {
    for await (const item of tasks.subscribe(taskId, { after, signal: abort.signal })) {
      items.push(item);
      await onItem?.(item);
    }
  })();
  const trail = () => items.map(describeItem);
  return {
    items,
    trail,
    reached: async (id) => {
      await eventually(() => trail().includes(id), { what: `${id} in ${trail().join(' ')}` });
    },
    stop: async () => {
      abort.abort();
      await done;
    },
  };
}

function describeItem(item: StreamItem): string {
  return item.kind === 'event' ? item.id : `gap ${item.after}–${item.upTo ?? '?'}`;
}
