import { parse } from 'yaml';
import { DEPLOYMENTS, base, ownServices, read } from './compose-files';

interface ScrapeConfig {
  readonly job_name: string;
  readonly dns_sd_configs: readonly { readonly names: readonly string[]; readonly port: number }[];
}

const { scrape_configs: jobs }: { scrape_configs: ScrapeConfig[] } = parse(
  read('infrastructure/observability/prometheus.yml'),
);
const isAgent = (name: string) => name.endsWith('-agent');

/** The names that containers of a service answer to on their network. */
function namesOf(service: string): readonly string[] {
  return [service, ...(base.services[service]?.networks?.default.aliases ?? [])];
}

/** The port that a service of ours has its metrics on, which is that of its health. */
function portOf(service: string): number {
  return Number(new URL(base.services[service]?.environment?.['HEALTH_URL'] ?? '').port);
}

describe('Prometheus', () => {
  it('collects from every service that stays, and from RabbitMQ', () => {
    const targets = jobs.flatMap((job) => job.dns_sd_configs);
    const services = ownServices().filter((name) => base.services[name]?.restart !== 'no');
    for (const service of services) {
      const found = targets.filter(({ names }) => names.some((n) => namesOf(service).includes(n)));
      expect({ service, ports: found.map(({ port }) => port) }).toEqual({
        service,
        ports: [portOf(service)],
      });
    }
    const others = targets.filter(({ names: [name = ''] }) => name !== 'agents');
    expect(others.map(({ names }) => names)).toEqual([
      ['coordinator'],
      ['health-monitor'],
      ['rabbitmq'],
    ]);
  });

  it('finds agents by one name, which no other service has', () => {
    for (const service of Object.keys(base.services)) {
      expect([service, namesOf(service).includes('agents')]).toEqual([service, isAgent(service)]);
    }
  });
});

describe('Grafana', () => {
  const { environment = {}, ports } = DEPLOYMENTS.development.services['grafana'] ?? {};

  it('asks for no login, changes nothing, and is on loopback', () => {
    expect(environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'true',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
    });
    expect(ports).toEqual(['127.0.0.1:${GRAFANA_PORT:-3000}:3000']);
  });

  it('has the Prometheus beside it as its source', () => {
    const { datasources } = parse(
      read('infrastructure/observability/grafana/provisioning/datasources/prometheus.yml'),
    );
    expect(datasources).toMatchObject([{ type: 'prometheus', url: 'http://prometheus:9090' }]);
    const { global } = parse(read('infrastructure/observability/prometheus.yml'));
    expect(datasources[0].jsonData.timeInterval).toBe(global.scrape_interval);
  });

  it('loads its dashboards from where they are mounted', () => {
    const { providers } = parse(
      read('infrastructure/observability/grafana/provisioning/dashboards/askflash.yml'),
    );
    const folder = providers[0].options.path;
    expect(base.services['grafana']?.volumes).toContain(
      `./infrastructure/observability/grafana/dashboards:${folder}:ro`,
    );
    expect(environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']).toBe(
      `${folder}/askflash.json`,
    );
  });
});
