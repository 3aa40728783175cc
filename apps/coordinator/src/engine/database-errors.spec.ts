import { createDataSource } from '@askflash/typeorm-entities';
import { isTransient } from './database-errors';

describe('isTransient', () => {
  it('holds of what TypeORM says before it has connected for the first time', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/nowhere';
    const dataSource = createDataSource({ url, applicationName: 'test' });
    const error = await dataSource.query('SELECT 1').catch((reason: unknown) => reason);
    expect([String(error), isTransient(error)]).toEqual([expect.stringMatching(/connect/i), true]);
  });

  it.each([{ code: 'ECONNRESET' }, { code: '57P01' }, { code: '40P01' }, { code: '08006' }])(
    'holds of %j',
    (error) => expect(isTransient(error)).toBe(true),
  );

  it.each([{ code: '23505' }, { code: '57014' }, new Error('A bug')])(
    'does not hold of %j',
    (error) => expect(isTransient(error)).toBe(false),
  );
});
