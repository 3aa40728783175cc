import { TaskHistory, createDataSource } from '@askflash/typeorm-entities';
import { isTransient } from './database-errors';

describe('isTransient', () => {
  it('holds of what TypeORM says before it has connected for the first time', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/nowhere';
    const dataSource = createDataSource({ url, applicationName: 'test' });
    const errors = await Promise.allSettled([
      dataSource.query('SELECT 1'),
      dataSource.manager.findOneBy(TaskHistory, { id: '' }),
    ]);
    for (const each of errors) {
      const error: unknown = each.status === 'rejected' ? each.reason : undefined;
      expect([String(error), isTransient(error)]).toEqual([expect.any(String), true]);
    }
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
