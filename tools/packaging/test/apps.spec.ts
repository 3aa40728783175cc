import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AGENT_CONFIG } from '@askflash/config';
import { AGENTS } from '@askflash/contracts';
import {
  DEPLOYMENTS,
  base,
  ownServices,
  override,
  prod,
  read,
  workspaceRoot,
} from './compose-files';

const AGENT_SERVICES = AGENTS.map(({ name }) => `${name}-agent`);
const OTHERS = ['queue-init', 'migration-runner', 'coordinator', 'health-monitor'];

/** The Nx projects that are run: jobs, services and agents, in whichever folder. */
const PROJECTS = readdirSync(join(workspaceRoot, 'apps'), { recursive: true, encoding: 'utf8' })
  .filter((path) => basename(path) === 'project.json')
  .map((path) => JSON.parse(read(`apps/${path}`)).name);

describe('the apps', () => {
  it('are the same in the registry, the workspace and each Compose file', () => {
    expect(PROJECTS.sort()).toEqual([...OTHERS, ...AGENT_SERVICES].sort());
    for (const file of [base, override, prod]) {
      expect(ownServices(file).sort()).toEqual([...OTHERS, ...AGENT_SERVICES].sort());
    }
  });

  it('have an image of their own, which is built from the project of that name', () => {
    for (const name of ownServices()) {
      expect(base.services[name]?.image).toBe(
        `\${IMAGE_PREFIX:-askflash}/${name}:\${IMAGE_TAG:-dev}`,
      );
      expect(base.services[name]).not.toHaveProperty('build');
      expect(prod.services[name]).not.toHaveProperty('build');
      expect(override.services[name]?.build).toMatchObject({
        dockerfile: 'infrastructure/docker/Dockerfile',
        args: { APP: name, NODE_IMAGE: '${NODE_IMAGE:-node:24-bookworm-slim}' },
      });
    }
  });

  it.each(Object.entries(DEPLOYMENTS))(
    'run without rights and with a read-only root, in %s',
    (_, { services }) => {
      for (const name of ownServices()) {
        expect(services[name]).toMatchObject({
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
        });
        for (const forbidden of ['user', 'privileged', 'cap_add', 'network_mode', 'entrypoint']) {
          expect(services[name]).not.toHaveProperty(forbidden);
        }
      }
    },
  );

  it('start once what they need is ready', () => {
    const ready = {
      rabbitmq: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
      'queue-init': { condition: 'service_completed_successfully' },
      'migration-runner': { condition: 'service_completed_successfully' },
    };
    const after = (name: string) => base.services[name]?.depends_on;
    expect(after('queue-init')).toEqual({ rabbitmq: ready.rabbitmq });
    expect(after('migration-runner')).toEqual({ postgres: { condition: 'service_healthy' } });
    for (const name of ['coordinator', 'health-monitor']) {
      expect(after(name)).toEqual({ ...ready, postgres: { condition: 'service_healthy' } });
    }
    for (const name of AGENT_SERVICES) expect(after(name)).toEqual(ready);
  });

  it('that are jobs run once, the others for ever', () => {
    for (const name of ownServices()) {
      const isJob = ['queue-init', 'migration-runner'].includes(name);
      expect([name, base.services[name]?.restart]).toEqual([name, isJob ? 'no' : 'unless-stopped']);
    }
  });

  it.each(Object.entries(DEPLOYMENTS))(
    'that are agents can be scaled, and end in peace, in %s',
    (_, { services }) => {
      const drainSeconds = Number(AGENT_CONFIG.drainTimeoutMs.default) / 1000;
      for (const name of AGENT_SERVICES) {
        const { container_name, ports, stop_grace_period = '' } = services[name] ?? {};
        expect({ name, container_name, ports }).toEqual({ name, ports: [] });
        expect(stop_grace_period).toMatch(/^\d+s$/);
        expect(parseInt(stop_grace_period)).toBeGreaterThan(drainSeconds);
      }
    },
  );
});
