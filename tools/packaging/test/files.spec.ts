import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019';
import {
  DEPLOYMENTS,
  FILES,
  base,
  cluster,
  exampleVariables,
  override,
  prod,
  read,
  workspaceRoot,
} from './compose-files';

/** The specification's schema, without the ids that its dialect writes in another way. */
function validator() {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);
  for (const format of ['ports', 'expose', 'subnet_ip_address']) ajv.addFormat(format, true);
  const schema = JSON.parse(
    read('tools/packaging/test/fixtures/compose-spec/compose-spec.json'),
    (key, value) => (/^(id|\$schema)$/.test(key) && typeof value === 'string' ? undefined : value),
  );
  return ajv.compile(schema);
}

const { services, volumes } = DEPLOYMENTS.development;

describe('the Compose files', () => {
  it.each([
    [FILES.base, base],
    [FILES.development, override],
    [FILES.production, prod],
    [FILES.cluster, cluster],
  ])('follow the schema of the Compose Specification: %s', (_, file) => {
    const validate = validator();
    validate(file);
    expect(validate.errors).toBeNull();
    expect(file).not.toHaveProperty('version');
  });

  it('would be told where they do not', () => {
    const validate = validator();
    expect(validate({ services: { redis: { imagee: 'redis' } } })).toBe(false);
    expect(validate({ services: { redis: { healthcheck: { interval: 5 } } } })).toBe(false);
  });

  it('take every tag from a variable, with the default that is documented', () => {
    const images = Object.entries(services)
      .map(([name, { image = '' }]) => [name, image] as const)
      .filter(([, image]) => !image.startsWith('${'));
    expect(Object.fromEntries(images)).toEqual({
      postgres: 'postgres:${POSTGRES_TAG:-15}',
      redis: 'redis:${REDIS_TAG:-7}',
      rabbitmq: 'rabbitmq:${RABBITMQ_TAG:-3.12-management}',
      prometheus: 'prom/prometheus:${PROMETHEUS_TAG:-v3.10.0}',
      grafana: 'grafana/grafana:${GRAFANA_TAG:-12.4.0}',
      adminer: 'adminer:${ADMINER_TAG:-5}',
      qdrant: 'qdrant/qdrant:${QDRANT_TAG:-v1.15.1}',
    });
  });

  it('mount files of the workspace, read-only, and keep data in named volumes', () => {
    const mounts = Object.values(services).flatMap((service) => service.volumes ?? []);
    const isNamed = (mount: string) => /^[a-z]/.test(mount);
    const isForTls = (mount: string) => mount === '${HTTP_TLS_DIR:-/dev/null}:/tls:ro';
    for (const mount of mounts.filter((mount) => !isNamed(mount) && !isForTls(mount))) {
      const [, source = ''] =
        /^(?:\$\{KNOWLEDGE_DIR:-)?(\.[\w./-]+)\}?:[\w./]+:ro$/.exec(mount) ?? [];
      expect({ mount, source: existsSync(join(workspaceRoot, source)) && source }).toEqual({
        mount,
        source: expect.stringMatching(/^\.\//),
      });
    }
    const named = mounts.filter(isNamed).map((mount) => mount.split(':')[0]);
    expect(named.sort()).toEqual(Object.keys(volumes ?? {}).sort());
  });

  it('know when a server is ready', () => {
    for (const name of ['postgres', 'redis', 'rabbitmq', 'prometheus', 'grafana', 'qdrant']) {
      expect(services[name]?.healthcheck).toBeDefined();
    }
  });
});

describe('docker-compose.override.yml', () => {
  it('publishes ports on loopback only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThanOrEqual(9);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
  });

  it('leaves what is not needed to profiles', () => {
    const optional = Object.entries(services).filter(([, { profiles }]) => profiles);
    expect(Object.fromEntries(optional.map(([name, { profiles }]) => [name, profiles]))).toEqual({
      prometheus: ['observability'],
      grafana: ['observability'],
      adminer: ['dev'],
      qdrant: ['dev'],
    });
  });

  it('takes credentials from .env only, which the example lists in full', () => {
    const text = read(FILES.base) + read(FILES.development);
    const needed = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    const bare = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(needed).toEqual(expect.arrayContaining(bare));
    const others = ['COMPOSE_PROJECT_NAME', 'DEV_API_KEY'];
    expect([...new Set(needed), ...others].sort()).toEqual(Object.keys(exampleVariables()).sort());
    for (const secret of ['askflash123', 'postgres:postgres@', 'askflash_development']) {
      expect(text).not.toContain(secret);
    }
  });
});
