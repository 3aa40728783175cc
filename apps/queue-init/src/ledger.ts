import {
  bindingName,
  type RabbitmqManagement,
  type Topology,
  type TopologyDifference,
} from '@askflash/messaging';
import { z } from 'zod';

const ledger = z.object({
  exchanges: z.array(z.string()),
  queues: z.array(z.string()),
  bindings: z.array(z.string()),
  policies: z.array(z.string()),
});

/**
 * The names of everything the backbone ever made in a virtual host and has not removed since.
 * Whatever is not in it was made by somebody else, and is never removed.
 *
 * It is a global parameter of the broker: kept and replicated with its definitions, and, unlike a
 * queue's arguments, free to change. It is written before things are made, so that nothing of the
 * backbone's is unknown to it; a name too many does no harm, because only what is live, unwanted
 * and in the ledger can be removed.
 */
export type Ledger = z.output<typeof ledger>;

const EMPTY: Ledger = { exchanges: [], queues: [], bindings: [], policies: [] };

/** The global parameter that holds it. */
export const ledgerParameter = (vhost: string): string => `mcp-topology@${vhost}`;

export async function readLedger(management: RabbitmqManagement, vhost: string): Promise<Ledger> {
  const parsed = ledger.safeParse(await management.globalParameter(ledgerParameter(vhost)));
  return parsed.success ? parsed.data : EMPTY;
}

/** Adds everything a topology names. */
export async function recordTopology(
  management: RabbitmqManagement,
  vhost: string,
  topology: Topology,
): Promise<void> {
  const known = await readLedger(management, vhost);
  const nameOf = ({ name }: { readonly name: string }) => name;
  const next: Ledger = {
    exchanges: union(known.exchanges, topology.exchanges.map(nameOf)),
    queues: union(known.queues, topology.queues.map(nameOf)),
    bindings: union(known.bindings, topology.bindings.map(bindingName)),
    policies: union(known.policies, topology.policies.map(nameOf)),
  };
  if (JSON.stringify(next) !== JSON.stringify(known)) await writeLedger(management, vhost, next);
}

export async function writeLedger(
  management: RabbitmqManagement,
  vhost: string,
  value: Ledger,
): Promise<void> {
  await management.putGlobalParameter(ledgerParameter(vhost), value);
}

/** The ledger without what was removed. */
export function forgetIn(
  known: Ledger,
  removed: readonly { readonly thing: TopologyDifference['thing']; readonly name: string }[],
): Ledger {
  const without = (names: readonly string[], thing: TopologyDifference['thing']): string[] =>
    names.filter((name) => !removed.some((gone) => gone.thing === thing && gone.name === name));
  return {
    exchanges: without(known.exchanges, 'exchange'),
    queues: without(known.queues, 'queue'),
    bindings: without(known.bindings, 'binding'),
    policies: without(known.policies, 'policy'),
  };
}

function union(known: readonly string[], added: readonly string[]): string[] {
  return [...new Set([...known, ...added])].sort();
}
