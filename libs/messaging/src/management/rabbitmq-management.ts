import { certificateProblem, nodeUrls } from '@askflash/config';
import { z } from 'zod';
import { ManagementUnavailableError } from '../errors';
import type { Definitions } from '../topology/definitions-export';
import type { BrokerPermissions } from '../topology/permissions';
import { EVENTS_EXCHANGE } from '../topology/topology';
import {
  globalParameter,
  liveBinding,
  liveConsumer,
  liveExchange,
  liveNode,
  livePolicy,
  liveQueue,
  liveVhost,
  overview,
  type LiveBinding,
  type LiveConsumer,
  type LiveExchange,
  type LiveNode,
  type LivePolicy,
  type LiveQueue,
} from './schemas';

/** A policy as the management API takes it; its name stands in the path. */
export interface PolicyBody extends Omit<LivePolicy, 'name' | 'definition'> {
  readonly definition: object;
}

/** RabbitMQ's management API, as far as the backbone uses it. */
export class RabbitmqManagement {
  /** Of a cluster's nodes, the one that last answered first. */
  private bases: readonly string[];
  private readonly authorization: string;

  /**
   * @param url with credentials: `http://user:password@host:15672`, with `?node=host:port` for each
   *   further node of a cluster
   * @param options.timeoutMs how long one request may take; 5000 unless given
   */
  constructor(
    url: string,
    private readonly options: { readonly timeoutMs?: number } = {},
  ) {
    const { username, password } = new URL(url);
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.bases = nodeUrls(url).map((nodeUrl) => new URL(nodeUrl).origin);
    this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }

  async version(): Promise<string> {
    return (await this.get('overview', overview)).rabbitmq_version;
  }

  exchanges(vhost: string): Promise<LiveExchange[]> {
    return this.get(path`exchanges/${vhost}`, z.array(liveExchange));
  }

  /** Queues with their depth and consumers, which are up to some seconds old. */
  queues(vhost: string): Promise<LiveQueue[]> {
    return this.get(path`queues/${vhost}`, z.array(liveQueue));
  }

  /** Every consumer of the virtual host's queues, some seconds old too. */
  consumers(vhost: string): Promise<LiveConsumer[]> {
    return this.get(path`consumers/${vhost}`, z.array(liveConsumer));
  }

  /** The nodes of the broker, with their alarms. */
  nodes(): Promise<LiveNode[]> {
    return this.get('nodes', z.array(liveNode));
  }

  bindings(vhost: string): Promise<LiveBinding[]> {
    return this.get(path`bindings/${vhost}`, z.array(liveBinding));
  }

  policies(vhost: string): Promise<LivePolicy[]> {
    return this.get(path`policies/${vhost}`, z.array(livePolicy));
  }

  async putPolicy(vhost: string, name: string, policy: PolicyBody): Promise<void> {
    await this.request('PUT', path`policies/${vhost}/${name}`, policy);
  }

  async deletePolicy(vhost: string, name: string): Promise<void> {
    await this.request('DELETE', path`policies/${vhost}/${name}`);
  }

  /** A value kept by the broker under a name; undefined where there is none. */
  async globalParameter(name: string): Promise<unknown> {
    const response = await this.request('GET', path`global-parameters/${name}`);
    return response === undefined ? undefined : globalParameter.parse(response).value;
  }

  async putGlobalParameter(name: string, value: unknown): Promise<void> {
    await this.request('PUT', path`global-parameters/${name}`, { name, value });
  }

  async deleteGlobalParameter(name: string): Promise<void> {
    await this.request('DELETE', path`global-parameters/${name}`);
  }

  /** The names of the virtual hosts that this user may see. */
  async vhosts(): Promise<string[]> {
    return (await this.get('vhosts', z.array(liveVhost))).map(({ name }) => name);
  }

  /** Makes a virtual host in which a user may do everything; needs an administrator. */
  async createVhost(name: string, user: string): Promise<void> {
    await this.request('PUT', path`vhosts/${name}`);
    const everything = { configure: '.*', write: '.*', read: '.*' };
    await this.request('PUT', path`permissions/${name}/${user}`, everything);
  }

  /** Makes a user, or changes its password, and gives it its rights in a virtual host. */
  async putUser(
    vhost: string,
    { user, tags, topics, ...permissions }: BrokerPermissions,
    password: string,
  ): Promise<void> {
    await this.request('PUT', path`users/${user}`, { password, tags });
    // The narrower right first, so that none is ever without it.
    const onEvents = { exchange: EVENTS_EXCHANGE, ...topics };
    await this.request('PUT', path`topic-permissions/${vhost}/${user}`, onEvents);
    await this.request('PUT', path`permissions/${vhost}/${user}`, permissions);
  }

  async deleteUser(user: string): Promise<void> {
    await this.request('DELETE', path`users/${user}`);
  }

  /** Deletes a virtual host with all that is in it; needs an administrator. */
  async deleteVhost(name: string): Promise<void> {
    await this.request('DELETE', path`vhosts/${name}`);
  }

  /** Declares everything in a definitions file, in one go. */
  async importDefinitions(vhost: string, definitions: Definitions): Promise<void> {
    await this.request('POST', path`definitions/${vhost}`, definitions);
  }

  private async get<Schema extends z.ZodType>(
    resource: string,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const parsed = schema.safeParse(await this.request('GET', resource));
    if (parsed.success) return parsed.data;
    throw this.failed(`gave an unexpected answer to GET /api/${resource}`, parsed.error);
  }

  /** The answer's body; undefined where there is none, or nothing of that name. */
  private async request(method: string, resource: string, body?: unknown): Promise<unknown> {
    const response = await this.send(method, resource, body);
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) {
      const reason = text.slice(0, 300);
      throw this.failed(`answered ${response.status} to ${method} /api/${resource}: ${reason}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  }

  private async send(method: string, resource: string, body: unknown): Promise<Response> {
    const { timeoutMs = 5_000 } = this.options;
    const failures: unknown[] = [];
    for (const base of this.bases) {
      try {
        const response = await fetch(new URL(`/api/${resource}`, base), {
          method,
          headers: { authorization: this.authorization, 'content-type': 'application/json' },
          signal: AbortSignal.timeout(timeoutMs),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        this.bases = [base, ...this.bases.filter((other) => other !== base)];
        return response;
      } catch (error) {
        failures.push(error);
      }
    }
    const [cause] = failures;
    const problem = certificateProblem(cause);
    throw this.failed(`cannot be reached${problem === undefined ? '' : `: ${problem}`}`, cause);
  }

  private failed(problem: string, cause?: unknown): ManagementUnavailableError {
    const host = this.bases.map((base) => new URL(base).host).join(', ');
    return new ManagementUnavailableError(`RabbitMQ’s management API at ${host} ${problem}`, {
      fields: { host },
      cause,
    });
  }
}

/** A path whose parts are escaped, the virtual host `/` included. */
function path(literals: TemplateStringsArray, ...parts: string[]): string {
  return String.raw({ raw: literals }, ...parts.map(encodeURIComponent));
}
