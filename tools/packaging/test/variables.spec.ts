import { createHash } from 'node:crypto';
import { APP_CONFIGS, loadConfig, type ConfigShape } from '@askflash/config';
import { DEPLOYMENTS, exampleVariables, interpolate, ownServices } from './compose-files';

/** Read by the health check of the image, whatever the app is. */
const OF_THE_IMAGE = ['HEALTH_URL'];

const configOf = (name: string): ConfigShape => APP_CONFIGS[name] ?? {};

/** The environment of a service where nothing is set beside `variables`. */
function environmentOf(
  deployment: keyof typeof DEPLOYMENTS,
  name: string,
  variables: Readonly<Record<string, string>>,
) {
  const environment = DEPLOYMENTS[deployment].services[name]?.environment ?? {};
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [key, interpolate(value, variables)]),
  );
}

const cases = ownServices().flatMap((name) => [
  ['development', name, exampleVariables()] as const,
  ['production', name, {}] as const,
]);

describe.each(cases)('in %s, what %s reads', (deployment, name, variables) => {
  const shape = Object.values(configOf(name));
  const given = environmentOf(deployment, name, variables);

  it('is given, has a default or may be left out', () => {
    expect(shape.length).toBeGreaterThan(0);
    const missing = shape.filter(
      (variable) =>
        variable.default === undefined &&
        !variable.optional &&
        !given[variable.name] &&
        !given[`${variable.name}_FILE`],
    );
    expect(missing.map((variable) => variable.name)).toEqual([]);
  });

  it('is all that it is given', () => {
    const known = shape.flatMap((variable) =>
      variable.secret ? [variable.name, `${variable.name}_FILE`] : [variable.name],
    );
    const unknown = Object.keys(given).filter((key) => ![...known, ...OF_THE_IMAGE].includes(key));
    expect(unknown).toEqual([]);
  });
});

describe('the folder HTTP_TLS_DIR', () => {
  it.each(ownServices())('lets %s speak TLS, if it has an API', (name) => {
    const { HEALTH_URL, HTTP_TLS_CERT_FILE, HTTP_TLS_KEY_FILE } = environmentOf(
      'production',
      name,
      { HTTP_TLS_DIR: '/etc/askflash' },
    );
    const mounts = DEPLOYMENTS.production.services[name]?.volumes ?? [];
    const mounted = mounts.map((mount) => interpolate(mount, { HTTP_TLS_DIR: '/etc/askflash' }));
    expect([HTTP_TLS_CERT_FILE, HTTP_TLS_KEY_FILE]).toEqual(
      HEALTH_URL ? ['/tls/tls.crt', '/tls/tls.key'] : [undefined, undefined],
    );
    expect(mounted.includes('/etc/askflash:/tls:ro')).toBe(Boolean(HEALTH_URL));
  });
});

describe('the development environment', () => {
  it.each(ownServices())('starts %s', (name) => {
    const environment = environmentOf('development', name, exampleVariables());
    expect(() => loadConfig(configOf(name), environment)).not.toThrow();
  });

  it('lets every app in under its own name', () => {
    const variablesOf = (name: string) => environmentOf('development', name, exampleVariables());
    const apps = ownServices().filter((name) => configOf(name)['login']);
    const logins = variablesOf('queue-init')['APP_LOGINS']?.trim().split('\n') ?? [];
    expect(logins.sort()).toEqual(
      [
        ...apps.map((name) => variablesOf(name)['APP_LOGIN']),
        `analytics:${exampleVariables()['APP_PASSWORD']}`,
      ].sort(),
    );
    expect(apps.map((name) => variablesOf(name)['APP_LOGIN']?.split(':')[0])).toEqual(apps);
    expect(variablesOf('migration-runner')['APP_LOGINS']).toBe(
      variablesOf('queue-init')['APP_LOGINS'],
    );
  });

  it('has an API key that the coordinator knows, published on loopback only', () => {
    const { DEV_API_KEY = '', DEV_API_KEYS } = exampleVariables();
    const hash = createHash('sha256').update(DEV_API_KEY).digest('hex');
    expect(DEV_API_KEYS).toBe(`development:admin:${hash}`);
    expect(DEPLOYMENTS.development.services['coordinator']?.ports).toEqual([
      '127.0.0.1:${COORDINATOR_PORT:-8003}:8003',
    ]);
  });

  it('is asked for its health where it listens', () => {
    for (const name of ownServices()) {
      const { HEALTH_URL, AGENT_PORT } = environmentOf('development', name, exampleVariables());
      const { port } = configOf(name);
      if (port) {
        const listensOn = AGENT_PORT ?? port.default;
        expect(HEALTH_URL).toBe(`http://127.0.0.1:${listensOn}/health/ready`);
      } else expect(HEALTH_URL).toBeUndefined();
    }
  });
});
