import {
  eventually,
  installBackbone,
  startPrivateServers,
  type PrivateServers,
} from '@askflash/testing';
import { startMonitor, type TestMonitor } from './monitor';

/** A server and the checks that cannot pass without it. */
const SERVERS = [
  { server: 'redis', down: ['redis'] },
  { server: 'postgres', down: ['postgres', 'schema'] },
  { server: 'rabbitmq', down: ['rabbitmq', 'topology'] },
] as const;

const BACK = { timeoutMs: 60_000, what: 'readiness after all servers are back' };

describe('health-monitor with servers that come and go', () => {
  let servers: PrivateServers;
  let monitor: TestMonitor;

  beforeAll(async () => {
    servers = await startPrivateServers();
    await installBackbone(servers.env);
    monitor = await startMonitor({ ...servers.env });
    await eventually(async () => (await monitor.ready()).status === 200);
  }, 180_000);

  afterAll(async () => {
    await monitor?.close();
    await servers?.stop();
  }, 60_000);

  const namesDown = async () => {
    const { checks } = (await monitor.ready()).report;
    return Object.keys(checks).filter((name) => checks[name]?.status === 'down');
  };
  const isDown = (names: readonly string[]) => async () =>
    (await namesDown()).join() === names.join();

  it.each(SERVERS)(
    'names what $server takes with it, and recovers when it is back',
    async ({ server, down }) => {
      await servers[server].stop();
      await eventually(isDown(down), { what: `${down.join(' and ')} to be down` });

      const { status, report } = await monitor.ready();
      expect(status).toBe(503);
      for (const name of down) {
        expect(report.checks[name]?.reason).toEqual(expect.stringMatching(/\w/));
        expect(report.checks[name]?.remedy).toEqual(expect.stringMatching(/\w/));
      }
      expect((await monitor.get('/health/live')).status).toBe(200);
      const metrics = await (await monitor.get('/metrics')).text();
      expect(metrics).toContain(
        `mcp_dependency_up{dependency="${down[0]}",app="health-monitor"} 0`,
      );

      await servers[server].start();
      await eventually(async () => (await monitor.ready()).status === 200, BACK);
    },
    120_000,
  );

  it('starts with every server down, names all of them, and is ready once they are up', async () => {
    await Promise.all(SERVERS.map(({ server }) => servers[server].stop()));
    const second = await startMonitor({ ...servers.env });
    try {
      const { status, report } = await second.ready();
      expect(status).toBe(503);
      expect(Object.values(report.checks).map((check) => check.status)).toEqual(
        Array(5).fill('down'),
      );
      await Promise.all(SERVERS.map(({ server }) => servers[server].start()));
      await eventually(async () => (await second.ready()).status === 200, BACK);
      await eventually(async () => (await monitor.ready()).status === 200, BACK);
    } finally {
      await second.close();
    }
  }, 180_000);
});
