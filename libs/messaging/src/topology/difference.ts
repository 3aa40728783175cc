/** One way in which a virtual host is not as wanted. */
export interface TopologyDifference {
  /**
   * - `missing`: wanted and not there; `queue-init apply` makes it.
   * - `changed`: there, and it can be changed in place; `queue-init apply` does.
   * - `extra`: there under a name of the backbone's, or routed to or from what is its own, and not wanted.
   * - `conflict`: there, other than wanted, and it can not be changed in place.
   */
  readonly kind: 'missing' | 'changed' | 'extra' | 'conflict';
  readonly thing: 'exchange' | 'queue' | 'binding' | 'policy';
  readonly name: string;
  /** What is live and what is wanted, in words. */
  readonly detail: string;
  /** The way out of a conflict. */
  readonly wayOut?: string;
}

/** How a binding is called: `mcp.events → mcp.results (stage.failed.#)`. */
export function bindingName(binding: {
  readonly exchange: string;
  readonly queue: string;
  readonly routingKey: string;
}): string {
  return `${binding.exchange} → ${binding.queue} (${binding.routingKey})`;
}
