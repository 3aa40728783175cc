import { nodeUrls } from './node-urls';

describe('nodeUrls', () => {
  it('is the URL itself where it names one node', () => {
    expect(nodeUrls('postgres://me:p%40ss@one/db?sslmode=verify-full')).toEqual([
      'postgres://me:p%40ss@one/db?sslmode=verify-full',
    ]);
  });

  it('is one URL for each node, with the same user, path and parameters', () => {
    expect(nodeUrls('amqp://me:p%40ss@one:5671/%2F?node=two:5672&heartbeat=5&node=[::1]')).toEqual([
      'amqp://me:p%40ss@one:5671/%2F?heartbeat=5',
      'amqp://me:p%40ss@two:5672/%2F?heartbeat=5',
      'amqp://me:p%40ss@[::1]:5671/%2F?heartbeat=5',
    ]);
  });
});
