import { BackboneError } from '@askflash/contracts';
import type { TopologyDifference } from '@askflash/messaging';

/** Something is in the way that cannot be changed in place. */
export class TopologyConflictError extends BackboneError {
  static override readonly code = 'TOPOLOGY_CONFLICT';
  static override readonly when =
    'The broker holds something under a name of the backbone’s that cannot be changed in place.';
  static override readonly remedy =
    'Do what the message says for each; nothing was changed or deleted.';
  static override readonly exit = 'conflict';

  constructor(conflicts: readonly TopologyDifference[]) {
    const lines = conflicts.map(
      ({ thing, name, detail, wayOut }) => `${thing} ${name}: ${detail}. ${wayOut ?? ''}`,
    );
    super(lines.join('\n  '), { fields: { conflicts } });
  }
}

/** A check found a difference. */
export class TopologyDriftError extends BackboneError {
  static override readonly code = 'TOPOLOGY_DRIFT';
  static override readonly when = 'A check found the broker’s topology other than wanted.';
  static override readonly remedy =
    '`queue-init apply` mends what is missing or changed, `queue-init prune --confirm` removes what is extra.';
  static override readonly exit = 'drift';

  constructor(differences: readonly TopologyDifference[]) {
    super(`The topology differs from what is wanted in ${differences.length} places`, {
      fields: { differences },
    });
  }
}

/** What was applied is not what is live. */
export class TopologyApplyError extends BackboneError {
  static override readonly code = 'TOPOLOGY_APPLY';
  static override readonly when =
    'Everything was declared, and the broker still differs from what is wanted.';
  static override readonly remedy =
    'Run `queue-init plan`; somebody else may be changing the topology at the same time.';

  constructor(differences: readonly TopologyDifference[]) {
    const names = differences.map(({ kind, thing, name }) => `${thing} ${name} (${kind})`);
    super(`Still not as wanted: ${names.join(', ')}`, { fields: { differences } });
  }
}

/** A route does not lead where it should. */
export class RouteBrokenError extends BackboneError {
  static override readonly code = 'ROUTE_BROKEN';
  static override readonly when = 'A probe sent through a route came back: no queue took it.';
  static override readonly remedy = 'Run `queue-init plan`, then `queue-init apply` again.';

  constructor(routes: readonly string[]) {
    super(`No queue took the probe of ${routes.join(', ')}`, { fields: { routes } });
  }
}
