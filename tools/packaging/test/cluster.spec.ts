import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { APP_CONFIGS, loadConfig, nodeUrls } from '@askflash/config';
import { DEPLOYMENTS, FILES, cluster, ownServices, read, workspaceRoot } from './compose-files';

const { services, secrets = {}, volumes = {} } = DEPLOYMENTS.cluster;

const SERVER_URLS = ['DATABASE_URL', 'REDIS_URL', 'RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL'];

/** Where a service finds its servers. */
function urlsOf(name: string): Record<string, string> {
  const own = Object.entries(services[name]?.environment ?? {});
  return Object.fromEntries(own.filter(([key]) => SERVER_URLS.includes(key)));
}

const nodesOf = (url = '') => nodeUrls(url).map((each) => new URL(each).hostname);

describe('compose.cluster.yml', () => {
  const SERVERS = {
    postgres: ['postgres', 'postgres-2'],
    redis: ['redis', 'redis-2', 'redis-3', 'redis-4', 'redis-5', 'redis-6'],
    rabbitmq: ['rabbitmq', 'rabbitmq-2', 'rabbitmq-3'],
  };

  it('tells every app of every node', () => {
    for (const name of ownServices(cluster)) {
      const { DATABASE_URL, REDIS_URL, RABBITMQ_URL, RABBITMQ_MANAGEMENT_URL } = urlsOf(name);
      if (DATABASE_URL) expect(nodesOf(DATABASE_URL)).toEqual(SERVERS.postgres);
      if (REDIS_URL) expect(nodesOf(REDIS_URL)).toEqual(SERVERS.redis);
      if (RABBITMQ_URL) expect(nodesOf(RABBITMQ_URL)).toEqual(SERVERS.rabbitmq);
      if (RABBITMQ_MANAGEMENT_URL) {
        expect(nodesOf(RABBITMQ_MANAGEMENT_URL)).toEqual(SERVERS.rabbitmq);
      }
    }
    const told = ownServices(cluster).filter((name) => urlsOf(name)['REDIS_URL']);
    expect(told.sort()).toEqual(
      ownServices()
        .filter((name) => !['queue-init', 'migration-runner'].includes(name))
        .sort(),
    );
  });

  it.each(['coordinator', 'health-monitor', 'intent-agent'])('has URLs that %s takes', (name) => {
    const shape = Object.entries(APP_CONFIGS[name] ?? {}).filter(
      ([, variable]) => variable.name in urlsOf(name),
    );
    const environment = {
      ...urlsOf(name),
      ALLOW_PLAIN_TEXT: 'true',
      APP_LOGIN: `${name}:3f9ac1d27e5b8046a1c4d9e2`,
    };
    expect(() => loadConfig(Object.fromEntries(shape), environment)).not.toThrow();
  });

  it('treats all nodes of a cluster alike', () => {
    for (const [first, ...others] of Object.values(SERVERS)) {
      for (const name of others) {
        for (const key of ['image', 'command', 'mem_limit', 'restart'] as const) {
          expect([name, services[name]?.[key]]).toEqual([name, services[first ?? '']?.[key]]);
        }
      }
    }
  });

  it('lets no node of RabbitMQ wait for another to be healthy', () => {
    for (const name of SERVERS.rabbitmq) expect(services[name]?.depends_on).toBeUndefined();
    expect(Object.keys(services['queue-init']?.depends_on ?? {})).toEqual(
      expect.arrayContaining(SERVERS.rabbitmq.slice(1)),
    );
  });

  it('limits every service and its log, and publishes nothing', () => {
    for (const [name, service] of Object.entries(services)) {
      expect([name, service.cpus, service.mem_limit]).toEqual([
        name,
        expect.any(Number),
        expect.stringMatching(/^\d+[mg]$/),
      ]);
      expect(service.logging?.options).toEqual({ 'max-size': '10m', 'max-file': '5' });
    }
    const published = Object.values(cluster.services).flatMap(({ ports = [] }) => ports);
    expect(published).toEqual([]);
  });

  it('mounts files that are there, and has every volume and secret that it names', () => {
    const mounts = Object.values(cluster.services).flatMap((service) => service.volumes ?? []);
    for (const mount of mounts) {
      const [source = ''] = mount.split(':');
      const isKnown = source.startsWith('./')
        ? existsSync(join(workspaceRoot, source)) && mount.endsWith(':ro')
        : source in volumes;
      expect([mount, isKnown]).toEqual([mount, true]);
    }
    for (const service of Object.values(services)) {
      for (const secret of service.secrets ?? []) {
        expect(Object.keys(secrets)).toContain(typeof secret === 'string' ? secret : secret.source);
      }
    }
  });

  it('names the nodes that RabbitMQ’s own file names', () => {
    const named = read('infrastructure/rabbitmq/compose-nodes.conf').match(/rabbit@[\w-]+/g);
    expect(named).toEqual(SERVERS.rabbitmq.map((name) => `rabbit@${name}`));
    for (const [variable] of read(FILES.cluster).matchAll(/\$\{[^}]+\}/g)) {
      expect(variable).toMatch(/:[-+]/);
    }
  });
});
