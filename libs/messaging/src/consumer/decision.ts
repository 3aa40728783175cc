/** What becomes of a message, as its handler decides. */
export type Decision =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'retry-later'; readonly afterMs: number }
  | { readonly kind: 'dead-letter'; readonly reason: string };

/** It is done: the broker forgets it. */
export function acknowledge(): Decision {
  return { kind: 'acknowledge' };
}

/**
 * Hand it out again, to whoever is free. It is held back for `afterMs` (60 s at most), and each
 * time counts towards the queue's delivery limit, past which the broker dead-letters it.
 */
export function retryLater(afterMs: number): Decision {
  return { kind: 'retry-later', afterMs };
}

/** It can never be handled: moved to `mcp.dead_letter` with the reason (1000 characters at most). */
export function deadLetter(reason: string): Decision {
  return { kind: 'dead-letter', reason };
}
