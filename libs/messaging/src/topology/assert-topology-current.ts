import { TopologyDriftedError } from '../errors';
import type { RabbitmqManagement } from '../management/rabbitmq-management';
import { checkTopology } from './diff-topology';

/**
 * Checks that a virtual host has everything that is wanted of it, as wanted. What it has besides
 * harms nobody and is left to `queue-init check`.
 *
 * @throws {TopologyDriftedError}
 * @throws {ManagementUnavailableError}
 */
export async function assertTopologyCurrent(
  management: RabbitmqManagement,
  vhost: string,
): Promise<void> {
  const differences = await checkTopology(management, vhost);
  const drift = differences.filter(({ kind }) => kind !== 'extra');
  if (drift.length > 0) throw new TopologyDriftedError(drift);
}
