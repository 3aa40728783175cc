import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const workspaceRoot = join(__dirname, '../../..');

/** The text of a file of the workspace. */
export const read = (path: string): string => readFileSync(join(workspaceRoot, path), 'utf8');

type Condition = 'service_healthy' | 'service_completed_successfully';

/** What the specs look at in a service. */
export interface Service {
  readonly image?: string;
  readonly build?: { readonly args: { readonly APP: string; readonly NODE_IMAGE: string } };
  readonly command?: readonly string[];
  readonly container_name?: string;
  readonly cpus?: number;
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: string | readonly string[] };
  readonly logging?: { readonly options: object };
  readonly mem_limit?: string;
  readonly networks?: { readonly default: { readonly aliases: readonly string[] } };
  readonly pids_limit?: number;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly secrets?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly stop_grace_period?: string;
  readonly user?: string;
  readonly volumes?: readonly string[];
}

/** What the specs look at in a Compose file. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

const readCompose = (path: string): ComposeFile => parse(read(path), { merge: true });

export const FILES = {
  base: 'docker-compose.yml',
  development: 'docker-compose.override.yml',
  production: 'compose.prod.yml',
  cluster: 'compose.cluster.yml',
} as const;

export const base = readCompose(FILES.base);
export const override = readCompose(FILES.development);
export const prod = readCompose(FILES.production);
export const cluster = readCompose(FILES.cluster);

/** What `docker compose` makes of the base and those that go with it. */
export const DEPLOYMENTS = {
  development: merge(base, override),
  production: merge(base, prod),
  cluster: merge(merge(base, prod), cluster),
} as const;

/** The names of the services that are built from this workspace. */
export function ownServices(file: ComposeFile = base): string[] {
  return Object.keys(file.services).filter((name) =>
    base.services[name]?.image?.startsWith('${IMAGE_PREFIX'),
  );
}

/** The part of Compose's rules for merging that these files use. */
function merge(below: ComposeFile, above: ComposeFile): ComposeFile {
  const names = [...new Set([...Object.keys(below.services), ...Object.keys(above.services)])];
  const services = names.map((name) => {
    const [lower = {}, upper = {}] = [below.services[name], above.services[name]];
    const merged = {
      ...lower,
      ...upper,
      environment: { ...lower.environment, ...upper.environment },
      ports: [...(lower.ports ?? []), ...(upper.ports ?? [])],
      volumes: [...(lower.volumes ?? []), ...(upper.volumes ?? [])],
    };
    return [name, merged] as const;
  });
  return {
    services: Object.fromEntries(services),
    secrets: { ...below.secrets, ...above.secrets },
    volumes: { ...below.volumes, ...above.volumes },
  };
}

/** A text with its `${…}` filled in, as Compose does it. */
export function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$\{(\w+)(?::([-?+])([^}]*))?\}/g,
    (_, name: string, operator: string | undefined, word: string) => {
      const value = variables[name] ?? '';
      if (operator === '-') return value || word;
      return operator === '+' ? value && word : value;
    },
  );
}

/** What `.env.example` sets. */
export function exampleVariables(): Record<string, string> {
  const lines = [...read('.env.example').matchAll(/^(\w+)=(.+)$/gm)];
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]));
}
