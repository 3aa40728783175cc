import { DatabaseUnavailableError } from '@askflash/typeorm-entities';
import { connect } from './connect';

describe('connect', () => {
  const refused = () => Promise.reject(new Error('refused'));

  it('tries again until the database is there', async () => {
    const initialize = jest.fn().mockImplementationOnce(refused).mockImplementationOnce(refused);
    await connect({ initialize }, 10_000);
    expect(initialize).toHaveBeenCalledTimes(3);
  });

  it('tries once where there is no time to wait', async () => {
    const initialize = jest.fn().mockImplementation(refused);
    await expect(connect({ initialize }, 0)).rejects.toThrow(DatabaseUnavailableError);
    expect(initialize).toHaveBeenCalledTimes(1);
  });

  it('gives up when the time is over, with what the last try met', async () => {
    const initialize = jest.fn().mockImplementation(refused);
    await expect(connect({ initialize }, 100)).rejects.toThrow(/does not answer: refused/);
    expect(initialize.mock.calls.length).toBeGreaterThan(1);
  });
});
