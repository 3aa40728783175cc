import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019';
import { parse } from 'yaml';
import { workspaceRoot } from '../support/workspace.mjs';

const read = (path: string) => readFileSync(join(workspaceRoot, path), 'utf8');

interface Service {
  image?: string;
  build?: { args: { APP: string } };
  profiles?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  command?: string[];
  read_only?: boolean;
  healthcheck?: object;
  depends_on?: Record<string, { condition: string }>;
}

const text = read('docker-compose.yml');
const compose: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(
  text,
  { merge: true },
);
const services = Object.entries(compose.services);
const service = (name: string): Service => compose.services[name] ?? {};

/** The specification's schema, without the ids that its dialect writes in another way. */
function validator() {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);
  for (const format of ['ports', 'expose', 'subnet_ip_address']) ajv.addFormat(format, true);
  const schema = JSON.parse(
    read('tools/dev-stack/test/fixtures/compose-spec/compose-spec.json'),
    (key, value) => (/^(id|\$schema)$/.test(key) && typeof value === 'string' ? undefined : value),
  );
  return ajv.compile(schema);
}

describe('docker-compose.yml', () => {
  it('follows the schema of the Compose Specification', () => {
    const validate = validator();
    validate(compose);
    expect(validate.errors).toBeNull();
  });

  it('would be told where it does not', () => {
    const validate = validator();
    expect(validate({ services: { redis: { imagee: 'redis' } } })).toBe(false);
    expect(validate({ services: { redis: { healthcheck: { interval: 5 } } } })).toBe(false);
  });

  it('has no version key', () => expect(compose).not.toHaveProperty('version'));

  it('publishes ports on loopback only', () => {
    const ports = services.flatMap(([, { ports = [] }]) => ports);
    expect(ports.length).toBeGreaterThanOrEqual(8);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
  });

  it('takes every tag from a variable, with the default that is documented', () => {
    const images = services.flatMap(([name, { image }]) => (image ? [[name, image]] : []));
    expect(Object.fromEntries(images)).toEqual({
      postgres: 'postgres:${POSTGRES_TAG:-15}',
      redis: 'redis:${REDIS_TAG:-7}',
      rabbitmq: 'rabbitmq:${RABBITMQ_TAG:-3.12-management}',
      adminer: 'adminer:${ADMINER_TAG:-5}',
      qdrant: 'qdrant/qdrant:${QDRANT_TAG:-v1.15.1}',
    });
  });

  it('takes credentials from .env only, which the example lists in full', () => {
    const needed = [...text.matchAll(/\$\{([A-Z_]+)(?!:-)[:}]/g)]
      .map(([, name]) => name)
      .filter((name) => !text.includes(`\${${name}:-`));
    const given = [...read('.env.example').matchAll(/^([A-Z_]+)=(.+)$/gm)];
    expect([...new Set(needed), 'COMPOSE_PROJECT_NAME'].sort()).toEqual(
      given.map(([, name]) => name).sort(),
    );
    for (const secret of ['askflash123', 'postgres:postgres@']) expect(text).not.toContain(secret);
  });

  it('starts a part once what it needs is ready', () => {
    const after = (name: string) =>
      Object.fromEntries(
        Object.entries(service(name).depends_on ?? {}).map(([other, { condition }]) => [
          other,
          condition,
        ]),
      );
    expect(after('queue-init')).toEqual({ rabbitmq: 'service_healthy' });
    expect(after('migration-runner')).toEqual({ postgres: 'service_healthy' });
    expect(after('health-monitor')).toEqual({
      postgres: 'service_healthy',
      redis: 'service_healthy',
      rabbitmq: 'service_healthy',
      'queue-init': 'service_completed_successfully',
      'migration-runner': 'service_completed_successfully',
    });
    for (const name of ['postgres', 'redis', 'rabbitmq', 'qdrant']) {
      expect(service(name).healthcheck).toBeDefined();
    }
  });

  it('leaves Adminer and Qdrant to a profile', () => {
    const optional = services.filter(([, { profiles }]) => profiles).map(([name]) => name);
    expect(optional).toEqual(['adminer', 'qdrant']);
  });

  it('mounts the files of infrastructure/, read-only, and keeps data in named volumes', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes);
    const files = mounts.filter((mount) => mount.startsWith('./'));
    expect(files).toHaveLength(3);
    for (const mount of files) {
      const [source = '', , mode] = mount.split(':');
      expect(existsSync(join(workspaceRoot, source))).toBe(true);
      expect(mode).toBe('ro');
    }
    const named = mounts.filter((mount) => !mount.startsWith('./')).map((m) => m.split(':')[0]);
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('runs each app of its own without rights and with a read-only root', () => {
    const apps = services.filter(([, { build }]) => build);
    expect(apps.map(([name]) => name)).toEqual([
      'queue-init',
      'migration-runner',
      'health-monitor',
    ]);
    for (const [name, app] of apps) {
      expect(app.build?.args.APP).toBe(name);
      expect(app).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });
});
