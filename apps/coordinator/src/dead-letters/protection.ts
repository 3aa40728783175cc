import { checkTopology, type RabbitmqManagement } from '@askflash/messaging';
import { DeadLettersUnprotectedError } from './errors';

const POLICY = 'mcp.dead-letter';

/**
 * Sees that the policy is in force by which a message may be looked at as often as anybody likes.
 *
 * @throws {DeadLettersUnprotectedError}
 * @throws {ManagementUnavailableError}
 */
export async function checkProtection(
  management: RabbitmqManagement,
  vhost: string,
): Promise<void> {
  const differences = await checkTopology(management, vhost);
  const [problem] = differences.filter(({ thing, name }) => thing === 'policy' && name === POLICY);
  if (problem) {
    throw new DeadLettersUnprotectedError(
      `The policy ${POLICY}: ${problem.kind}, ${problem.detail}`,
    );
  }
}
