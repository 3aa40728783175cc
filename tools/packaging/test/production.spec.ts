import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_CONFIGS, COORDINATOR_CONFIG, QUEUE_INIT_CONFIG, loadConfig } from '@askflash/config';
import {
  DEPLOYMENTS,
  FILES,
  interpolate,
  ownServices,
  read,
  workspaceRoot,
  type Service,
} from './compose-files';

const { services, secrets = {} } = DEPLOYMENTS.production;

/** The secrets that a service speaks of, in its variables, its command or its health check. */
function namedSecrets({ environment, command, healthcheck }: Service): string[] {
  const text = JSON.stringify([environment, command, healthcheck]);
  return [...text.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name = '']) => name);
}

/** The secrets that a service is given, by the name that it knows each under. */
const mountedSecrets = ({ secrets: own = [] }: Service) =>
  new Map(
    own.map((secret) =>
      typeof secret === 'string' ? [secret, secret] : [secret.target, secret.source],
    ),
  );

describe('compose.prod.yml', () => {
  it('publishes the API and nothing else', () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => [name, port]),
    );
    expect(published).toEqual([
      ['coordinator', '${COORDINATOR_ADDRESS:-127.0.0.1}:${COORDINATOR_PORT:-8003}:8003'],
    ]);
  });

  it('needs no variable', () => {
    const text = read(FILES.base) + read(FILES.production);
    for (const [variable] of text.matchAll(/\$\{[^}]+\}/g)) expect(variable).toMatch(/:[-+]/);
  });

  it('lets no default password in', () => {
    for (const name of ownServices()) {
      expect(Object.keys(services[name]?.environment ?? {})).not.toContain('ALLOW_DEFAULT_SECRETS');
    }
  });

  it('gives every secret as a file', () => {
    for (const name of ownServices()) {
      const own = services[name]?.environment ?? {};
      const secret = Object.values(APP_CONFIGS[name] ?? {}).filter((variable) => variable.secret);
      for (const variable of secret) {
        const plain = own[variable.name];
        // A URL that names no user is none, as APP_LOGIN is what logs in.
        if (plain === undefined) expect(Object.keys(own)).toContain(`${variable.name}_FILE`);
        else expect(variable.login && plain).toMatch(/^[a-z]+:\/\/[a-z]+:\d+(\/\w+)?$/);
      }
    }
    for (const [name, { environment = {} }] of Object.entries(services)) {
      const plain = Object.keys(environment).filter((key) =>
        /(PASS\w*|SECRET|TOKEN|AUTH|_KEYS?)(?<!_FILE)$/.test(key),
      );
      expect([name, plain]).toEqual([name, []]);
    }
  });

  it('gives a service the secrets it reads, and no others', () => {
    for (const [name, service] of Object.entries(services)) {
      const files = [...mountedSecrets(service).keys()].filter((file) => !file.startsWith('/'));
      expect([name, files.sort()]).toEqual([name, [...new Set(namedSecrets(service))].sort()]);
    }
    const mounted = Object.values(services).flatMap((service) => [
      ...mountedSecrets(service).values(),
    ]);
    expect([...new Set(mounted)].sort()).toEqual(Object.keys(secrets).sort());
  });

  it('gives every app but the jobs a login of its own, and no other', () => {
    const logins = ownServices().map((name) => [
      name,
      mountedSecrets(services[name] ?? {}).get('app_login'),
    ]);
    expect(logins).toEqual(
      ownServices().map((name) => [
        name,
        services[name]?.restart === 'no' ? undefined : `${name}_login`,
      ]),
    );
  });

  it('limits every service and its log', () => {
    for (const service of Object.values(services)) {
      expect(service.cpus).toBeGreaterThan(0);
      expect(service.mem_limit).toMatch(/^\d+[mg]$/);
      expect(service.pids_limit).toBeGreaterThan(0);
      expect(service.logging?.options).toEqual({ 'max-size': '10m', 'max-file': '5' });
    }
  });
});

describe('make-secrets.sh', () => {
  const parent = mkdtempSync(join(tmpdir(), 'secrets-'));
  const folder = join(parent, 'made');
  const make = () =>
    execFileSync('sh', ['infrastructure/docker/make-secrets.sh', folder], {
      cwd: workspaceRoot,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
  const secret = (name: string) => readFileSync(join(folder, name), 'utf8');
  let said = '';
  beforeAll(() => {
    said = make();
  });
  afterAll(() => rmSync(parent, { recursive: true }));

  it('makes every file that has to be there', () => {
    const needed = Object.entries(secrets)
      .filter(([name, { file }]) => file === `\${SECRETS_DIR:-./secrets}/${name}`)
      .map(([name]) => name);
    // That of analytics is for people.
    expect(readdirSync(folder).sort()).toEqual([...needed, 'analytics_login'].sort());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of needed) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o444);
  });

  it.each(ownServices())('lets %s start', (name) => {
    const environment = Object.entries(services[name]?.environment ?? {}).map(([key, value]) => [
      key,
      interpolate(value, {}).replace(/^\/run\/secrets\/(\w+)$/, (_, file: string) =>
        join(folder, mountedSecrets(services[name] ?? {}).get(file) ?? file),
      ),
    ]);
    expect(() =>
      loadConfig(APP_CONFIGS[name] ?? {}, Object.fromEntries(environment)),
    ).not.toThrow();
  });

  it('gives apps the passwords that the servers have', () => {
    const { POSTGRES_USER, POSTGRES_DB } = services['postgres']?.environment ?? {};
    expect(secret('database_url')).toBe(
      `postgres://${POSTGRES_USER}:${secret('postgres_password')}@postgres:5432/${POSTGRES_DB}`,
    );
    const redis = /^requirepass (.+)$/m.exec(secret('redis_conf'))?.[1];
    const rabbitmq = new URL(secret('rabbitmq_url'));
    expect(secret('rabbitmq_conf')).toBe(
      `default_user = ${rabbitmq.username}\ndefault_pass = ${rabbitmq.password}\n`,
    );
    expect(new URL(secret('rabbitmq_management_url')).password).toBe(rabbitmq.password);
    const { logins = [] } = loadConfig(
      { logins: QUEUE_INIT_CONFIG.logins },
      { APP_LOGINS_FILE: join(folder, 'app_logins') },
    );
    const apps = ownServices().filter((name) => services[name]?.restart !== 'no');
    expect(logins.map(({ user }) => user).sort()).toEqual([...apps, 'analytics'].sort());
    for (const { user, password } of logins) {
      expect(secret(`${user}_login`)).toBe(`${user}:${password}\n`);
      if (user === 'analytics') continue;
      const hash = createHash('sha256').update(password).digest('hex');
      expect(secret('redis_conf')).toMatch(new RegExp(`^user ${user} on #${hash} [~%]`, 'm'));
    }
    const passwords = [
      ...[secret('postgres_password'), redis, rabbitmq.password],
      ...logins.map(({ password }) => password),
    ];
    for (const password of passwords) expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect(new Set(passwords).size).toBe(passwords.length);
  });

  it('tells the API key that the coordinator knows', () => {
    const [key = ''] = /^askflash_\w+$/m.exec(said) ?? [];
    const { apiKeys } = loadConfig(
      { apiKeys: COORDINATOR_CONFIG.apiKeys },
      { COORDINATOR_API_KEYS_FILE: join(folder, 'coordinator_api_keys') },
    );
    const hash = createHash('sha256').update(key).digest('hex');
    expect(apiKeys).toEqual([{ name: 'admin', role: 'admin', hash }]);
  });

  it('changes nothing when it is run again, and adds what is missing', () => {
    const files = () => readdirSync(folder).map((name) => [name, secret(name)]);
    const before = files();
    expect(make()).toBe('');
    expect(files()).toEqual(before);
    rmSync(join(folder, 'intent-agent_login'));
    expect(make()).toBe('');
    expect(secret('app_logins')).toContain(secret('intent-agent_login'));
  });
});
