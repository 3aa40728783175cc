import { createTestKeyPrefix, eventually, testServers } from '@askflash/testing';
import { Redis } from 'ioredis';
import { startProxy } from '../test/proxy';
import { token } from '../test/tasks';
import { Mailbox } from './mailbox';
import { ProgressChannels } from './progress-channels';

const channel = `${createTestKeyPrefix().prefix}channel`;
const published = JSON.stringify({ id: '1-1', event: token('x') });

describe('the pub/sub connection', () => {
  it('is given up and opened again where it is silent at a heartbeat', async () => {
    const url = new URL(testServers().REDIS_URL);
    const redis = new Redis(url.href);
    const proxy = await startProxy(Number(url.port));
    url.port = String(proxy.port);
    const channels = new ProgressChannels(
      () => new Redis(url.href, { autoResubscribe: false, retryStrategy: () => null }),
      200,
    );
    try {
      const mailbox = new Mailbox(10);
      channels.join(channel, mailbox);
      mailbox.takeOutdated();
      await eventually(() => mailbox.takeOutdated());
      proxy.freeze();
      await eventually(() => mailbox.takeOutdated());
      await eventually(() => proxy.opened() === 2 && channels.isLive);
      await eventually(() => mailbox.takeOutdated());
      await redis.publish(channel, published);
      expect(await eventually(() => mailbox.take())).toEqual({
        id: { seq: 1, part: 1 },
        event: token('x'),
      });
    } finally {
      channels.close();
      redis.disconnect();
      await proxy.close();
    }
  });

  it('is opened later where that is not possible at once, and ignores what is not ours', async () => {
    const redis = new Redis(testServers().REDIS_URL);
    let attempts = 0;
    const channels = new ProgressChannels(() => {
      attempts += 1;
      if (attempts < 3) return undefined;
      return redis.duplicate({ autoResubscribe: false, retryStrategy: () => null });
    });
    try {
      const mailbox = new Mailbox(10);
      channels.join(channel, mailbox);
      mailbox.takeOutdated();
      await eventually(() => mailbox.takeOutdated());
      for (const text of ['', '{', '[]', '{"id":"x-1"}', '{"id":"1-99999999999999999"}']) {
        await redis.publish(channel, text);
      }
      await redis.publish(channel, published);
      expect(await eventually(() => mailbox.take())).toMatchObject({ id: { seq: 1, part: 1 } });
    } finally {
      channels.close();
      redis.disconnect();
    }
  });
});
