import { SERVER_NAMES, type ServerName } from '../plan/layout';
import type { Fault } from './fault';

/** A server crashes and is started again, with the data it had. */
export const KILL_SERVERS: readonly Fault[] = SERVER_NAMES.map(killServer);

function killServer(name: ServerName): Fault {
  return {
    kind: `kill-${name}`,
    targets: () => [name],
    forMs: [0, 4_000],
    async inject(rig, { forMs }, hold) {
      await rig.servers.kill(name);
      await hold(forMs);
      await rig.servers.revive(name);
      // Its probes come back once every queue has a leader.
      if (name === 'rabbitmq') await rig.servers.declareQueues();
    },
  };
}
