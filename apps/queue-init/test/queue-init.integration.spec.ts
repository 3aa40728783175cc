import { EXIT_CODES } from '@askflash/contracts';
import {
  acknowledge,
  connectMessaging,
  RabbitmqManagement,
  TOPOLOGY,
  type Topology,
} from '@askflash/messaging';
import { createTestVhost, eventually, type TestVhost } from '@askflash/testing';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { applyTopology } from '../src/apply-topology';
import { connectBroker, type Broker } from '../src/broker';
import { runCommandLine } from '../src/command-line';
import { ledgerParameter } from '../src/ledger';
import { probeRoutes } from '../src/probe/probe-routes';
import { prune } from '../src/prune';

const QUIET = { log: () => {}, warn: () => {} };

/** The topology of an older version, which had one more agent. */
const OLDER: Topology = {
  exchanges: [
    ...TOPOLOGY.exchanges,
    { name: 'mcp.old', type: 'direct', description: 'No longer wanted' },
  ],
  queues: [...TOPOLOGY.queues, { name: 'summary.task', description: 'No longer wanted' }],
  bindings: [
    ...TOPOLOGY.bindings,
    {
      exchange: 'mcp.tasks',
      queue: 'summary.task',
      routingKey: 'summary.task',
      description: 'No longer wanted',
    },
  ],
  policies: [
    ...TOPOLOGY.policies,
    { name: 'mcp.summary', description: '', queues: ['summary.task'], limits: { 'max-length': 9 } },
  ],
};

describe('queue-init', () => {
  let vhost: TestVhost;
  let connection: ChannelModel;
  let channel: Channel;
  let output: string;
  let errors: string;

  beforeEach(async () => {
    vhost = await createTestVhost();
    connection = await connect(vhost.url);
    channel = await connection.createChannel();
    Object.assign(process.env, {
      ASKFLASH_STACK_FILE: '',
      RABBITMQ_URL: vhost.url,
      RABBITMQ_MANAGEMENT_URL: vhost.managementUrl,
    });
    output = '';
    errors = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((output += text)));
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((errors += text)));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await connection.close();
    const management = new RabbitmqManagement(vhost.managementUrl);
    await management.deleteGlobalParameter(ledgerParameter(vhost.name));
    await vhost.delete();
  });

  const run = (...args: string[]) => {
    output = '';
    errors = '';
    return runCommandLine(args);
  };
  const openBroker = (): Promise<Broker> =>
    connectBroker(
      { rabbitmqUrl: vhost.url, rabbitmqManagementUrl: vhost.managementUrl },
      { waitMs: 0 },
    );
  const applied = async (topology: Topology): Promise<Broker> => {
    const broker = await openBroker();
    await applyTopology(broker, topology);
    return broker;
  };
  const publish = async (queue: string) => {
    const confirms = await connection.createConfirmChannel();
    confirms.sendToQueue(queue, Buffer.from('work'), { persistent: true });
    await confirms.waitForConfirms();
    await confirms.close();
  };

  it('plans, applies, probes and checks', async () => {
    expect(await run('check')).toBe(EXIT_CODES.drift.code);
    expect(errors).toMatch(/^TOPOLOGY_DRIFT: .*\n {2}what to do: `queue-init apply`/);
    expect(await run('plan', '--json')).toBe(0);
    expect(JSON.parse(output).differences).toContainEqual(
      expect.objectContaining({ kind: 'missing', thing: 'queue', name: 'mcp.results' }),
    );
    expect(await run('apply')).toBe(0);
    const probed = output.match(/delivered, and taken back/g);
    expect(probed).toHaveLength(TOPOLOGY.bindings.length + 1);
    expect(await run('check')).toBe(0);
    expect(await run('plan')).toBe(0);
    expect(output).toMatch(/^Nothing to do/);
    for (const { name } of TOPOLOGY.queues) {
      expect(await channel.checkQueue(name)).toMatchObject({ messageCount: 0 });
    }
  });

  it('is safe with ten copies at once', async () => {
    const codes = await Promise.all(Array.from({ length: 10 }, () => runCommandLine(['apply'])));
    expect(errors).toBe('');
    expect(codes).toEqual(Array(10).fill(0));
    expect(await run('check')).toBe(0);
    for (const { name } of TOPOLOGY.queues) {
      expect(await channel.checkQueue(name)).toMatchObject({ messageCount: 0 });
    }
  });

  it('makes the virtual host, and a user of each login with the rights of its app', async () => {
    const management = new RabbitmqManagement(vhost.managementUrl);
    const [name, user] = [`${vhost.name}_new`, 'websearch-agent'];
    const url = new URL(vhost.url);
    url.pathname = `/${name}`;
    process.env['RABBITMQ_URL'] = url.href;
    process.env['APP_LOGINS'] = `${user}:${vhost.name}\nno-app-of-ours:secret`;
    try {
      expect(await run('check')).toBe(EXIT_CODES.unavailable.code);
      expect(await run('apply')).toBe(0);
      expect(output).toContain(`Users with their rights: ${user}\n`);
      expect(output + errors).not.toContain(`:${vhost.name}`);
      [url.username, url.password] = [user, vhost.name];
      const own = await connect(url.href);
      const opened = await own.createChannel();
      await opened.consume('websearch.task', () => undefined);
      opened.on('error', () => undefined);
      await expect(opened.consume('intent.task', () => undefined)).rejects.toThrow(
        /ACCESS_REFUSED/,
      );
      await own.close();
    } finally {
      delete process.env['APP_LOGINS'];
      await management.deleteGlobalParameter(ledgerParameter(name));
      await management.deleteVhost(name);
      await management.deleteUser(user);
    }
  });

  it('mends a policy that somebody changed', async () => {
    const { management, connection: own } = await applied(TOPOLOGY);
    await management.putPolicy(vhost.name, 'mcp.results', {
      pattern: '^mcp',
      'apply-to': 'all',
      priority: 3,
      definition: { 'delivery-limit': 1 },
    });
    expect(await run('check')).toBe(EXIT_CODES.drift.code);
    expect(output).toMatch(/delivery-limit: 1 is to be 20/);
    expect(await run('apply')).toBe(0);
    expect(await run('check')).toBe(0);
    await own.close();
  });

  it('reports an immutable conflict with the way out, and touches nothing', async () => {
    await channel.assertQueue('intent.task', { durable: true });
    await publish('intent.task');
    expect(await run('apply')).toBe(EXIT_CODES.conflict.code);
    expect(errors).toMatch(
      /TOPOLOGY_CONFLICT: queue intent\.task: it is a classic queue, not quorum\. .*nothing was deleted/,
    );
    expect(await channel.checkQueue('intent.task')).toMatchObject({ messageCount: 1 });
    expect(await run('plan', '--json')).toBe(0);
    const { differences } = JSON.parse(output);
    expect(differences.filter(({ kind }: { kind: string }) => kind === 'conflict')).toHaveLength(1);
    expect(differences.some(({ name }: { name: string }) => name === 'mcp.tasks')).toBe(true);
  });

  it('prunes what the backbone once made, and nothing else', async () => {
    const broker = await applied(OLDER);
    await channel.assertQueue('foreign.task', { durable: true });
    expect(await run('prune')).toBe(0);
    expect(output).toMatch(/summary\.task\s+│ to be removed/);
    await channel.checkQueue('summary.task');

    expect(await run('prune', '--confirm')).toBe(0);
    expect(output).toMatch(/foreign\.task\s+│ kept: the backbone did not make it/);
    const left = await prune(broker, TOPOLOGY, false);
    expect(left).toEqual([
      {
        thing: 'queue',
        name: 'foreign.task',
        outcome: 'kept: the backbone did not make it',
      },
    ]);
    await channel.checkQueue('foreign.task');
    await broker.connection.close();
  });

  it('never prunes a queue that holds messages or is being consumed', async () => {
    const broker = await applied(OLDER);
    await publish('summary.task');
    const outcomes = async () =>
      Object.fromEntries(
        (await prune(broker, TOPOLOGY, true)).map(({ thing, outcome }) => [thing, outcome]),
      );
    expect(await outcomes()).toMatchObject({
      queue: 'kept: it holds 1 messages',
      binding: 'kept: its queue is kept',
    });
    const message = await channel.get('summary.task');
    if (message) channel.ack(message);
    const { consumerTag } = await channel.consume('summary.task', () => {});
    await eventually(async () => (await outcomes())['queue'] === 'kept: it is being consumed');
    await channel.cancel(consumerTag);
    await eventually(async () => (await outcomes())['queue'] === 'removed');
    expect(await prune(broker, TOPOLOGY, true)).toEqual([]);
    await broker.connection.close();
  });

  it('probes a queue that is consumed through its consumer, and leaves waiting messages alone', async () => {
    const broker = await applied(TOPOLOGY);
    const handle = jest.fn(async () => acknowledge());
    const messaging = await connectMessaging({ url: vhost.url, appName: 'test', logger: QUIET });
    const consumer = await messaging.consumers.consume({
      queue: 'mcp.results',
      prefetch: 1,
      contracts: [],
      handle,
    });
    await eventually(() => consumer.state === 'consuming');
    await publish('intent.task');
    const probes = await probeRoutes(broker, TOPOLOGY);
    const outcomeOf = (part: string) => probes.find(({ route }) => route.includes(part))?.outcome;
    expect(outcomeOf('stage.completed.#')).toBe('answered by its consumer');
    expect(outcomeOf('intent.task')).toBe(
      'not probed: 1 messages wait and nobody consumes the queue',
    );
    expect(outcomeOf('moderator.task')).toBe(
      'delivered, and taken back: nobody consumes the queue',
    );
    expect(handle).not.toHaveBeenCalled();
    const waiting = await channel.get('intent.task', { noAck: true });
    expect(waiting && waiting.fields.redelivered).toBe(false);
    await messaging.close();
    await broker.connection.close();
  });

  it('exports definitions that make the topology where they are loaded', async () => {
    expect(await run('export', '--vhost', vhost.name)).toBe(0);
    await new RabbitmqManagement(vhost.managementUrl).importDefinitions(
      vhost.name,
      JSON.parse(output),
    );
    expect(await run('check')).toBe(0);
  });

  it('ends with the exit code of what is wrong', async () => {
    process.env['RABBITMQ_URL'] = 'amqp://askflash:askflash123@127.0.0.1:1/';
    expect(await run('check')).toBe(EXIT_CODES.unavailable.code);
    expect(errors).toMatch(/^BROKER_UNREACHABLE: /);
    expect(await run('check', '--wait', '1')).toBe(EXIT_CODES.unavailable.code);
    expect(errors).not.toMatch(/askflash123/);
    process.env['RABBITMQ_URL'] = vhost.url;
    process.env['RABBITMQ_MANAGEMENT_URL'] = 'http://askflash:askflash123@127.0.0.1:1';
    expect(await run('apply')).toBe(EXIT_CODES.unavailable.code);
    expect(errors).toMatch(/^MANAGEMENT_UNAVAILABLE: .*127\.0\.0\.1:1/);
    process.env['RABBITMQ_MANAGEMENT_URL'] = 'nonsense';
    expect(await run('apply')).toBe(EXIT_CODES.config.code);
    expect(await run('apply', '--wait', 'soon')).toBe(EXIT_CODES.usage.code);
    expect(await run('destroy')).toBe(EXIT_CODES.usage.code);
  });
});
