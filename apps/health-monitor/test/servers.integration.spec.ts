import {
  AppProcess,
  eventually,
  freePort,
  installBackbone,
  startPrivateServers,
  type PrivateServers,
} from '@askflash/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { CANARY_INTERVAL_MS, QUICK, openOnes, untilClosed, untilOpen } from './findings';
import { startMonitor, type TestMonitor } from './monitor';

describe('health-monitor and servers', () => {
  let servers: PrivateServers;
  let monitor: TestMonitor;
  let redis: Redis;

  beforeAll(async () => {
    servers = await startPrivateServers();
    await installBackbone(servers.env);
    monitor = await startMonitor({
      ...servers.env,
      ...QUICK,
      HEALTH_MONITOR_POSTGRES_CONNECTIONS_PERCENT: '20',
    });
    redis = new Redis(servers.env.REDIS_URL);
    await eventually(async () => (await monitor.ready()).status === 200);
  }, 180_000);

  afterAll(async () => {
    redis?.disconnect();
    await monitor?.close();
    await servers?.stop();
  }, 60_000);

  it('finds a broker that is short of memory, and blames no agent for it', async () => {
    const limit = (to: string) => servers.rabbitmq.ctl(['set_vm_memory_high_watermark', to]);
    const agent = AppProcess.start('agents/executor', {
      ...servers.env,
      AGENT_HEARTBEAT_INTERVAL_MS: '1500',
    });
    try {
      await untilClosed(monitor, 'queue_without_consumer', 'executor.task', 60_000);
      await limit('0.00001');
      await untilOpen(monitor, 'broker_blocked', 'rabbitmq', 15_000);
      const seen = new Set<string>();
      const blockedAt = Date.now();
      await eventually(async () => {
        for (const one of await openOnes(monitor)) seen.add(one);
        return Date.now() - blockedAt > 3 * CANARY_INTERVAL_MS;
      });
      await limit('0.4');
      await eventually(
        async () => {
          const open = await openOnes(monitor);
          for (const one of open) seen.add(one);
          return !open.has('broker_blocked rabbitmq');
        },
        { timeoutMs: 30_000 },
      );
      const blamed = [...seen].filter((one) => /^(agent_unhealthy|queue_slow) /.test(one));
      expect(blamed).toEqual([]);
    } finally {
      await agent.stop('SIGKILL');
    }
  });

  it('finds a Redis near its limit, and that it evicts', async () => {
    const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
    await redis.config('SET', 'maxmemory', String(used + 2_000_000));
    let filled = 0;
    const fill = setInterval(() => {
      const key = `filler:${(filled += 1)}`;
      void redis.set(key, 'x'.repeat(100_000)).catch(() => undefined);
    }, 20);
    try {
      await untilOpen(monitor, 'redis_evicting', 'redis', 20_000);
      await untilOpen(monitor, 'redis_memory_high', 'redis', 30_000);
    } finally {
      clearInterval(fill);
      await redis.config('SET', 'maxmemory', '0');
      await redis.flushall();
    }
  });

  it('finds that FLUSHALL took the views of running tasks, and that they are back', async () => {
    const port = await freePort();
    const coordinator = AppProcess.start('coordinator', {
      ...servers.env,
      COORDINATOR_PORT: String(port),
    });
    const url = `http://127.0.0.1:${port}`;
    try {
      await eventually(async () => (await fetch(`${url}/health/ready`)).ok, { timeoutMs: 60_000 });
      const response = await fetch(`${url}/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: 'Why?', userId: 'ada', template: 'simple_lookup' }),
      });
      const { id }: { id: string } = JSON.parse(await response.text());
      await eventually(() => redis.exists(`task:{${id}}`));
      await redis.flushall();
      await untilOpen(monitor, 'redis_views_lost', 'redis', 20_000);
      await fetch(`${url}/tasks/${id}`); // Whoever reads it has it rebuilt.
      await untilClosed(monitor, 'redis_views_lost', 'redis');
    } finally {
      await coordinator.stop('SIGKILL');
    }
  });

  it('finds a PostgreSQL short of connections, and sessions that were terminated', async () => {
    const url = servers.env.DATABASE_URL;
    const admin = new Client({ connectionString: url });
    await admin.connect();
    const { rows } = await admin.query(`SELECT current_setting('max_connections')::int AS most`);
    const clients = await Promise.all(
      Array.from({ length: Math.ceil(Number(rows[0].most) * 0.25) }, async () => {
        const client = new Client({ connectionString: url, application_name: 'crowd' });
        client.on('error', () => undefined); // Terminated below.
        await client.connect();
        return client;
      }),
    );
    await untilOpen(monitor, 'postgres_connections_short', 'postgres', 20_000);
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'crowd'`,
    );
    await untilOpen(monitor, 'postgres_sessions_terminated', 'postgres', 15_000);
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    await admin.end();
    await untilClosed(monitor, 'postgres_connections_short', 'postgres');
  });

  it('goes on when its own sessions are terminated', async () => {
    const admin = new Client({ connectionString: servers.env.DATABASE_URL });
    await admin.connect();
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'health-monitor'`,
    );
    await admin.end();
    await eventually(async () => (await monitor.ready()).status === 200);
  });

  it.each(['redis', 'postgres', 'rabbitmq'] as const)(
    'finds %s away, and back',
    async (server) => {
      await servers[server].stop();
      await untilOpen(monitor, 'server_unreachable', server, 30_000);
      await servers[server].start();
      await untilClosed(monitor, 'server_unreachable', server, 60_000);
    },
    120_000,
  );
});
