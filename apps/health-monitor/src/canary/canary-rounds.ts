import { newId } from '@askflash/config';
import type { Canaries, CanaryAnswer, CanaryListener } from '@askflash/messaging';

/** The most canaries that one round puts into one queue. */
const MAX_ROUND_COUNT = 200;

/** A queue with those who consume it. */
export interface ConsumedQueue {
  readonly name: string;
  readonly consumers: number;
  /** Their tags; undefined where the broker cannot be asked for them. */
  readonly consumerTags: ReadonlySet<string> | undefined;
}

/** What a queue's canaries tell; moments are those of the clock given. */
export interface CanarySight {
  /** Of the last one answered; undefined before any. */
  readonly roundTripMs: number | undefined;
  readonly answeredAtMs: number | undefined;
  /** When those that nobody has answered were sent, oldest first. */
  readonly unansweredSinceMs: readonly number[];
  /** When each consumer last answered one, by its tag. */
  readonly answeredByMs: ReadonlyMap<string, number>;
}

interface QueueCanaries {
  readonly unanswered: Map<string, number>;
  /** When each consumer answered, and when what it last answered was sent. */
  readonly answers: Map<string, { readonly atMs: number; readonly sentAtMs: number }>;
  roundTripMs?: number;
  answeredAtMs?: number;
}

const unseen: CanarySight = {
  roundTripMs: undefined,
  answeredAtMs: undefined,
  unansweredSinceMs: [],
  answeredByMs: new Map(),
};

/**
 * Sends a round of canaries through queues, one for each consumer, as the broker hands messages out in
 * turn. A canary:
 *
 * ```
 * sent ──► answered
 *   ├────► unanswered: it waits in its queue, or a consumer holds it and does nothing
 *   └────► lost: purged, or its answer could not come; forgotten
 * ```
 */
export class CanaryRounds implements CanaryListener {
  private readonly queues = new Map<string, QueueCanaries>();

  constructor(
    private readonly canaries: Pick<Canaries, 'listen' | 'send'>,
    private readonly clock: () => number = () => performance.now(),
  ) {
    canaries.listen(this);
  }

  /** Sends one round. A queue without a consumer gets none, nor one that answers none of the last two. */
  send(queues: readonly ConsumedQueue[]): void {
    for (const queue of queues) {
      const { name, consumers } = queue;
      const state = this.stateOf(name);
      forgetLost(state, queue);
      const wanted = Math.min(consumers, MAX_ROUND_COUNT);
      const count = Math.min(wanted, 2 * wanted - state.unanswered.size);
      if (count > 0) this.sendTo(name, state, count);
    }
  }

  /** What is known of a queue's canaries. */
  sight(queue: string): CanarySight {
    const state = this.queues.get(queue);
    if (!state) return unseen;
    return {
      roundTripMs: state.roundTripMs,
      answeredAtMs: state.answeredAtMs,
      unansweredSinceMs: [...state.unanswered.values()],
      answeredByMs: new Map([...state.answers].map(([consumer, { atMs }]) => [consumer, atMs])),
    };
  }

  answered({ id, consumer }: CanaryAnswer): void {
    const state = [...this.queues.values()].find(({ unanswered }) => unanswered.has(id));
    const sentAtMs = state?.unanswered.get(id);
    if (!state || sentAtMs === undefined) return;
    state.unanswered.delete(id);
    const atMs = this.clock();
    state.roundTripMs = atMs - sentAtMs;
    state.answeredAtMs = atMs;
    if (consumer !== undefined) state.answers.set(consumer, { atMs, sentAtMs });
  }

  forgotten(): void {
    for (const { unanswered } of this.queues.values()) unanswered.clear();
  }

  private sendTo(queue: string, state: QueueCanaries, count: number): void {
    const ids = Array.from({ length: count }, newId);
    if (!this.canaries.send(queue, ids)) return;
    for (const id of ids) state.unanswered.set(id, this.clock());
  }

  private stateOf(queue: string): QueueCanaries {
    const known = this.queues.get(queue);
    if (known) return known;
    const state: QueueCanaries = { unanswered: new Map(), answers: new Map() };
    this.queues.set(queue, state);
    return state;
  }
}

/**
 * Where every consumer has answered one that was sent later, an earlier one is in no queue any more;
 * nor does it tell anything who answered and is gone.
 */
function forgetLost(
  { unanswered, answers }: QueueCanaries,
  { consumers, consumerTags }: ConsumedQueue,
): void {
  for (const consumer of answers.keys()) {
    if (consumerTags?.has(consumer) === false) answers.delete(consumer);
  }
  for (const [id, sentAtMs] of unanswered) {
    const overtaken = [...answers.values()].filter((answer) => answer.sentAtMs > sentAtMs);
    if (consumers > 0 && overtaken.length >= consumers) unanswered.delete(id);
  }
}
