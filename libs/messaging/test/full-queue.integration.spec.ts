import { defineContract } from '@askflash/contracts';
import { eventually } from '@askflash/testing';
import {
  connectMessaging,
  PublishRejectedError,
  PublishUnroutableError,
  TOPOLOGY,
  type Messaging,
} from '../src';
import { createTestBroker, type TestBroker } from './broker';
import { QUIET, REQUEST, stageRequest } from './messages';

/** The backbone’s topology with task queues that are full at five messages. */
const TIGHT = {
  ...TOPOLOGY,
  policies: TOPOLOGY.policies.map((policy) =>
    policy.name === 'mcp.task-queues'
      ? { ...policy, limits: { ...policy.limits, 'max-length': 5 } }
      : policy,
  ),
};

describe('publishing what no queue takes', () => {
  let broker: TestBroker;
  let messaging: Messaging;

  beforeAll(async () => {
    broker = await createTestBroker(TIGHT);
    messaging = await connectMessaging({ url: broker.url, appName: 'test', logger: QUIET });
  });
  afterAll(async () => {
    await messaging.close();
    await broker.delete();
  });

  it('tells the refusal of a full queue, and harms no other publish', async () => {
    const { publisher } = messaging;
    const isRefused = async () => {
      const [outcome] = await publisher.publishAll([
        { contract: REQUEST, payload: stageRequest() },
      ]);
      return !outcome?.confirmed && outcome?.error instanceof PublishRejectedError;
    };
    // A quorum queue looks at its length now and then, so a few more than five get in.
    await eventually(isRefused);
    const depth = await broker.depth('intent.task');
    expect(depth).toBeGreaterThanOrEqual(5);
    expect(await isRefused()).toBe(true);
    expect(await broker.depth('intent.task')).toBe(depth);
    await publisher.publish(REQUEST, stageRequest({ stage: 'moderation' }));
  });

  it('tells which of many publishes no queue was bound for', async () => {
    const items = Array.from({ length: 12 }, (_, index) => ({
      contract: REQUEST,
      payload: stageRequest({ stage: index % 3 ? 'nowhere' : 'web_search' }),
    }));
    const outcomes = await messaging.publisher.publishAll(items);
    outcomes.forEach((outcome, index) => {
      const unroutable = !outcome.confirmed && outcome.error instanceof PublishUnroutableError;
      expect(unroutable).toBe(index % 3 !== 0);
    });
  });

  it('goes on after a publish that closes the channel', async () => {
    const bad = defineContract({ ...REQUEST, exchange: 'mcp.events' });
    await broker.deleteExchange('mcp.events');
    await expect(messaging.publisher.publish(bad, stageRequest())).rejects.toThrow(
      PublishUnroutableError,
    );
    await broker.take('websearch.task');
    await eventually(() => messaging.publisher.connected);
    await messaging.publisher.publish(REQUEST, stageRequest({ stage: 'web_search' }));
    expect(messaging.publisher.outstanding).toBe(0);
  });
});
