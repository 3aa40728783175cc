import type { Login } from '@askflash/config';
import { BROKER_PERMISSIONS } from '@askflash/messaging';
import type { Broker } from './broker';

/**
 * Makes a user of each login whose app uses the broker, with what that app needs and no more. May be
 * run again: passwords and rights are then what they are by now.
 *
 * @returns the users
 */
export async function grantAccess(
  { management, vhost }: Pick<Broker, 'management' | 'vhost'>,
  logins: readonly Login[],
): Promise<string[]> {
  const granted: string[] = [];
  for (const { user, password } of logins) {
    const permissions = BROKER_PERMISSIONS.find((one) => one.user === user);
    if (!permissions) continue;
    await management.putUser(vhost, permissions, password);
    granted.push(user);
  }
  return granted;
}
