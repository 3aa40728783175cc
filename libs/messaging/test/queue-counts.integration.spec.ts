import { eventually } from '@askflash/testing';
import { connectMessaging, type Messaging } from '../src';
import { createTestBroker, type TestBroker } from './broker';
import { QUIET, REQUEST, stageRequest } from './messages';

describe('counting queues', () => {
  let broker: TestBroker;
  let messaging: Messaging;

  beforeAll(async () => {
    broker = await createTestBroker();
    messaging = await connectMessaging({ url: broker.url, appName: 'test', logger: QUIET });
    await eventually(() => messaging.publisher.connected);
  });
  afterAll(async () => {
    await messaging.close();
    await broker.delete();
  });

  it('tells messages and consumers as they are now, and leaves out what is not there', async () => {
    await messaging.publisher.publish(REQUEST, stageRequest());
    const consumer = await messaging.consumers.consume({
      queue: 'executor.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle: () => new Promise(() => {}),
    });
    await eventually(() => consumer.state === 'consuming');
    const counts = await messaging.queueCounts.read([
      'nowhere.task',
      'intent.task',
      'elsewhere.task',
      'executor.task',
    ]);
    expect([...counts.values()]).toEqual([
      { name: 'intent.task', ready: 1, consumers: 0 },
      { name: 'executor.task', ready: 0, consumers: 1 },
    ]);
  });
});
