import {
  QUEUE_ARGUMENTS,
  checkTopology,
  toPolicy,
  type Topology,
  type TopologyDifference,
} from '@askflash/messaging';
import type { Broker } from './broker';
import { TopologyApplyError, TopologyConflictError } from './errors';
import { recordTopology } from './ledger';

/**
 * Makes a virtual host what is wanted, and deletes nothing. Every step may be run again and by
 * several at once. Policies come first, so that no queue is ever without its limits.
 *
 * @returns what it found missing or changed, and has mended
 * @throws {TopologyConflictError} something is in the way; nothing was touched
 * @throws {TopologyApplyError} something is still not as wanted
 */
export async function applyTopology(
  broker: Broker,
  topology: Topology,
): Promise<TopologyDifference[]> {
  const { management, vhost } = broker;
  const differences = await checkTopology(management, vhost, topology);
  const conflicts = differences.filter(({ kind }) => kind === 'conflict');
  if (conflicts.length > 0) throw new TopologyConflictError(conflicts);
  await recordTopology(management, vhost, topology);
  const wanting = differences.filter(({ kind }) => kind !== 'extra');
  await putPolicies(broker, topology, wanting);
  await declare(broker, topology);
  const left = (await checkTopology(management, vhost, topology)).filter(
    ({ kind }) => kind !== 'extra',
  );
  if (left.length > 0) throw new TopologyApplyError(left);
  return wanting;
}

async function putPolicies(
  { management, vhost }: Broker,
  { policies }: Topology,
  wanting: readonly TopologyDifference[],
): Promise<void> {
  const names = new Set(wanting.filter(({ thing }) => thing === 'policy').map(({ name }) => name));
  for (const policy of policies) {
    if (names.has(policy.name)) await management.putPolicy(vhost, policy.name, toPolicy(policy));
  }
}

async function declare({ connection }: Broker, topology: Topology): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => {}); // The call that failed rejects.
  for (const { name, type } of topology.exchanges) {
    await channel.assertExchange(name, type, { durable: true });
  }
  for (const { name } of topology.queues) {
    await channel.assertQueue(name, { durable: true, arguments: QUEUE_ARGUMENTS });
  }
  for (const { queue, exchange, routingKey } of topology.bindings) {
    await channel.bindQueue(queue, exchange, routingKey);
  }
  await channel.close();
}
